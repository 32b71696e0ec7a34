// What the scripts of the page are told: the JSON that geo/outputs/web/mappage.py puts into #data, read by the type checker
// only. Positions of areas stand for the areas everywhere.

type Language = "es" | "en";
type Said = Record<Language, string>;
type Sentences = Partial<Record<Language, string[]>>;

type TextColumn =
  | "area_name" | "province" | "region" | "status" | "population_source"
  | "cluster" | "cluster_note" | "cluster_adjusted" | "certainty_label"
  | "web_support" | "phone_support" | "support_status" | "provider";
type TruthColumn = "reliable" | "listed" | "survives_adjustment";
type NumberColumn =
  | "releases" | "releases_low" | "releases_high" | "population" | "rank" | "neighbors"
  | "rate" | "rate_low" | "rate_high" | "rate_published" | "population_published" | "rank_published"
  | "group_id" | "stability" | "agreement" | "certainty" | "imputed_median" | "imputed_low" | "imputed_high"
  | "capacity_low" | "capacity_high" | "unmet" | "unmet_low" | "unmet_high";
type Columns = Record<TextColumn, (string | null)[]> &
  Record<TruthColumn, (boolean | null)[]> &
  Record<NumberColumn, (number | null)[]>;

/** One line of a legend: a label, or the limits of a class of numbers. */
interface LayerClass {
  fill: string;
  label: Said | null;
  range: [number, number] | null;
  hatch: "" | "up" | "down" | "dots";
  line: string;
}

/** Circles in proportion to a number of each area; rings where that is only the highest possible. */
interface Circles {
  values: (number | null)[];
  largest: number;
  open: number[];
  steps: number[];
  fill: string;
  line: string;
  column: Counted;
}

/** Areas that a legend lists together, to jump to. */
interface AreaSet {
  members: number[];
  rate: number | null;
  label: string | null;
}

/** One way of colouring the map; what it lacks is left out. */
interface Layer {
  id: string;
  classes: LayerClass[];
  of: number[];
  outline?: (number | null)[];
  circles?: Circles;
  method?: Said;
  sets: AreaSet[];
}

interface PageData {
  lang: Language;
  follow: boolean;
  title: Said;
  headline: Sentences;
  sources: Sentences;
  report: string | null;
  basemap: { url: string | null; credit: string };
  schematic: boolean;
  coverage: string;
  /** Per area its id, and the spellings in use beside its name. */
  other: string[][];
  neighbors: number[][];
  channels: ("web_support" | "phone_support")[];
  lines: Record<"area" | "region" | "schematic", string>;
  columns: Partial<Columns>;
  /** By need a letter per area: s(erved), n(ot), d(enied), u(nknown). */
  needs: Record<string, string[]> | null;
  layers: Layer[];
  about: Record<Language, Record<string, string[]>>;
  texts: Record<Language, Record<string, string>>;
  /** Labels of coded values, by table and code. */
  values: Record<Language, Record<string, Record<string, string>>>;
  aliases: Record<Language, Record<string, string>>;
  /** Units of the geometry to a degree. */
  scale: number;
  /** Per area its polygons, their rings and the steps along each: x0, y0, dx, dy, ... */
  shapes: number[][][][];
  places: ([number, number] | null)[];
  boxes: ([number, number, number, number] | null)[];
  home: [number, number, number, number];
  far: number[];
}

/** What is counted, or the rate it makes. */
type Counted = "releases" | "unmet";

/** What is known of a number: itself, or limits of it. */
interface Known {
  low: number | null;
  exact: number | null;
  high: number | null;
}

type Content = string | Node | (string | Node)[];

/** What a part of the page may ask of it. */
interface Actions {
  /** Open the card of an area; the map goes there with `move`, or where the card would cover the click `at`. */
  open(i: number, how?: { move?: boolean; at?: MouseEvent }): void;
  shut(): void;
  /** Mark an area everywhere, with a tip where there is a mouse. */
  point(i: number | null, event?: MouseEvent | null): void;
  /** Show a part of the map, with a margin in shares of its size. */
  go(target: L.LatLngBounds, margin?: number): void;
  goHome(): void;
  /** Limit the table to a region. */
  showPart(region: string | null): void;
  /** A button that leads to an area. */
  link(i: number): HTMLElement;
}
