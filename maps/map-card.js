/* The card of one area: a list of headings, each with a function that says something of area i, or null to leave
   the row out. A new row is one more entry in `rows`. */

function mapCard(app) {
  "use strict";
  const { data, words } = app;
  const { text, alias, label, capital, value, name, number } = words;
  const small = (content) => element("span", content, { class: "small" });
  const links = (areas) => element("span", areas.map((i) => app.link(i)), { class: "links" });

  const rows = [
    [() => alias("releases"), countOf],
    [() => alias("population"), populationOf],
    [() => alias("rate"), rateOf],
    [() => alias("rank"), rankOf],
    [() => alias("cluster"), clusterOf],
    [() => text("card.group"), groupOf],
    [() => text("card.support"), supportOf],
    [() => capital(text("card.neighbors")), neighborsOf],
    [() => text("card.printed"), printedOf],
  ];

  function countOf(i) {
    if (!data.columns.status && !data.columns.releases) return null;
    const { low, exact, high } = words.known("count", i);
    const interval = exact === null && low !== null && high !== null;
    if (words.unlisted(i)) return capital(text("card.at_most", { high: number(high) }));
    const known = interval ? text("card.between", { low: number(low), high: number(high) }) : number(exact);
    const status = value("status", i);
    const said = status && status !== "published" ? label("status", status) : known;
    return said === known ? capital(known) : [capital(known), small(capital(said))];
  }

  function populationOf(i) {
    if (value("population", i) === null) return null;
    const source = value("population_source", i);
    return [number(value("population", i)), small(source ? label("population_source", source) : "")];
  }

  function rateOf(i) {
    const [low, rate, high] = ["rate_low", "rate", "rate_high"].map((column) => value(column, i));
    const bounded = low !== null && high !== null;
    if (words.unlisted(i) && value("population", i)) {
      return capital(text("card.rate_at_most", { high: number(words.known("rate", i).high, 1) }));
    }
    const limits = { low: number(low, 1), high: number(high, 1) };
    if (rate === null) return capital(bounded ? text("card.rate_unknown", limits) : number(null));
    const said = [element("strong", number(rate, 1))];
    if (bounded) said.push(small(text("card.interval", limits)));
    if (value("reliable", i) === false) said.push(small(text("card.unreliable")));
    return said;
  }

  function rankOf(i) {
    if (value("rank", i) === null) return null;
    const ranked = data.columns.status
      ? data.columns.status.filter((status) => status !== "missing")
      : data.columns.rate.filter((rate) => rate !== null);
    return text("card.rank", { rank: number(value("rank", i)), n: number(ranked.length) });
  }

  function clusterOf(i) {
    const code = value("cluster", i);
    if (code === null) return null;
    const note = value("cluster_note", i);
    const said = [words.perhaps(`meaning.${code}`), note ? capital(label("cluster_note", note)) : ""];
    const more = [...adjustedOf(i, code), ...stabilityOf(i), ...certaintyOf(i)];
    return [capital(label("cluster", code)), ...[...said, ...more].map(small)];
  }

  // Labels that say something was found are those of two words joined: High-High and the like.
  const found = (code) => code !== null && code.includes("-");

  function adjustedOf(i, code) {
    const survives = value("survives_adjustment", i);
    const adjusted = value("cluster_adjusted", i);
    if (found(code) && survives !== null) return [text(survives ? "card.survives" : "card.survives_not")];
    if (found(code) || !found(adjusted)) return [];
    return [text("card.only_adjusted", { label: label("cluster", adjusted) })];
  }

  function stabilityOf(i) {
    const shares = ["stability", "agreement"].map((column) => [column, value(column, i)]);
    return shares
      .filter(([, share]) => share !== null)
      .map(([column, share]) => text(`card.${column}`, { percent: number(100 * share) }));
  }

  function certaintyOf(i) {
    const share = value("certainty", i);
    if (share === null) return [];
    const said = { label: capital(label("cluster", value("certainty_label", i))), percent: number(100 * share, 1) };
    const [median, low, high] = ["median", "low", "high"].map((end) => value(`imputed_${end}`, i));
    const drawn = { median: number(median), low: number(low), high: number(high) };
    return [...(share > 0 ? [text("card.certainty", said)] : []), ...(median === null ? [] : [text("card.imputed", drawn)])];
  }

  function groupOf(i) {
    const group = value("group_id", i);
    if (group === null) return value("listed", i) ? text("card.group_alone") : null;
    const others = data.columns.group_id.map((g, j) => (g === group && j !== i ? j : -1)).filter((j) => j >= 0);
    return [`${text("card.group_with")} `, links(words.byName(others))];
  }

  function supportOf(i) {
    const channels = data.channels.filter((column) => value(column, i) !== null);
    const told = channels.map((column) => text(`card.${column}`, { value: label("support", value(column, i)) }));
    const lines = [...gapOf(i), ...told].map((said) => element("span", capital(said), { class: "line" }));
    return lines.length ? lines : null;
  }

  // What is offered, who is left without a place, and which needs are served.
  function gapOf(i) {
    const status = value("support_status", i);
    if (status === null) return [];
    const lines = [label("support_status", status)];
    const provider = value("provider", i);
    if (provider) lines.push(text("card.provider", { value: label("provider", provider) }));
    if (status === "yes") lines.push(capacityOf(i));
    const [least, exact, most] = ["unmet_low", "unmet", "unmet_high"].map((column) => value(column, i));
    if (exact !== null) lines.push(text("card.unmet", { value: number(exact) }));
    else if (most !== null) lines.push(text("card.unmet_open", { low: number(least), high: number(most) }));
    else if (least) lines.push(text("card.unmet_least", { low: number(least) }));
    if (data.needs && status !== "not asked") lines.push(needsOf(i));
    return lines;
  }

  function capacityOf(i) {
    const [low, high] = ["capacity_low", "capacity_high"].map((column) => value(column, i));
    if (high === null) return text("card.capacity_unknown");
    const between = text("card.between", { low: number(low), high: number(high) });
    return text("card.capacity", { value: low === high ? number(low) : between });
  }

  function needsOf(i) {
    const codes = Object.keys(data.needs);
    const of = (letter) => codes.filter((code) => data.needs[code][i] === letter);
    const [served, lacking, unknown] = ["s", "n", "u"].map(of);
    if (of("d").length) return text("card.needs_denied");
    if (unknown.length === codes.length) return text("card.needs_unknown");
    if (lacking.length === codes.length) return text("card.needs_none", { n: number(codes.length) });
    const named = (some) => some.map((code) => label("need", code)).join(", ") || number(0);
    const all = unknown.length > 3 ? number(unknown.length) : named(unknown);
    return text("card.needs", { served: named(served), lacking: named(lacking), unknown: all });
  }

  function neighborsOf(i) {
    if (data.neighbors[i].length) return links(words.byName(data.neighbors[i]));
    if (value("neighbors", i) === null) return null;
    return value("neighbors", i) ? number(value("neighbors", i)) : capital(text("card.no_neighbors"));
  }

  function printedOf(i) {
    const columns = ["rate", "population", "rank"].filter((key) => value(`${key}_published`, i) !== null);
    const said = columns.map((key) =>
      text(`card.printed_${key}`, { value: words.figure(value(`${key}_published`, i)) })
    );
    return said.length ? capital(said.join(", ")) : null;
  }

  function listOf(i) {
    const list = element("dl");
    for (const [heading, say] of rows) {
      const said = say(i);
      if (said !== null) list.append(element("dt", heading()), element("dd", said));
    }
    return list;
  }

  /** Show the card of area i; null for none. */
  function show(i) {
    $("#card").hidden = i === null;
    if (i === null) return;
    const place = ["province", "region"].map((column) => value(column, i)).filter((v) => v !== null);
    const notes = [[...new Set(place)].join(", "), data.shapes[i].length ? "" : text("card.nowhere")];
    fill(
      $("#card"),
      button("×", app.shut, { class: "close", "aria-label": text("card.close") }),
      element("h2", name(i)),
      ...notes.filter(Boolean).map((note) => element("p", note, { class: "subtitle" })),
      listOf(i)
    );
    $("#card").scrollTop = 0;
  }

  return { show };
}
