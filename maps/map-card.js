/* The card of one area: a list of headings, each with a function that says something of area i, or null to leave
   the row out. A new row is one more entry in `rows`. */

function mapCard(data, words, open) {
  "use strict";
  const { text, alias, label, capital, value, name, number } = words;
  const small = (content) => element("span", content, { class: "small" });
  const plain = (column) => (i) => (value(column, i) === null ? null : number(value(column, i)));

  const rows = [
    [() => alias("releases"), countOf],
    [() => alias("population"), populationOf],
    [() => alias("rate"), rateOf],
    [() => alias("rank"), rankOf],
    [() => alias("cluster"), clusterOf],
    [() => text("card.group"), groupOf],
    [() => text("card.support"), supportOf],
    [() => alias("neighbors"), plain("neighbors")],
    [() => text("card.printed"), printedOf],
  ];

  // An area off a list of the highest rates: all that is known of it is a maximum, if the list is complete.
  const unlisted = (i) =>
    data.coverage === "highest" && value("status", i) === "bounded" && value("releases_low", i) === 0;

  function countOf(i) {
    if (!data.columns.status && !data.columns.releases) return null;
    const [low, exact, high] = ["releases_low", "releases", "releases_high"].map((column) => value(column, i));
    const interval = exact === null && low !== null && high !== null;
    if (unlisted(i)) return capital(text("card.at_most", { high: number(high) }));
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
    if (unlisted(i) && value("population", i)) {
      const most = (value("releases_high", i) / value("population", i)) * 100000;
      return capital(text("card.rate_at_most", { high: number(most, 1) }));
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
    const why = note ? capital(label("cluster_note", note)) : "";
    return [capital(label("cluster", code)), small(words.perhaps(`meaning.${code}`)), small(why)];
  }

  function groupOf(i) {
    const group = value("group_id", i);
    if (group === null) return value("listed", i) ? text("card.group_alone") : null;
    const others = data.columns.group_id.map((g, j) => (g === group && j !== i ? j : -1)).filter((j) => j >= 0);
    const links = others.map((j) => button(name(j), () => open(j, true)));
    return [`${text("card.group_with")} `, element("span", links, { class: "links" })];
  }

  const given = (pairs, i) => pairs.filter(([, column]) => value(column, i) !== null);

  function supportOf(i) {
    const channels = given([["web", "web_support"], ["phone", "phone_support"]], i);
    const answers = channels.map(([key, column]) =>
      capital(text(`card.${key}`, { value: label("support", value(column, i)) }))
    );
    return answers.length ? answers.map((answer) => element("span", answer, { class: "line" })) : null;
  }

  function printedOf(i) {
    const printed = given(["rate", "population", "rank"].map((key) => [key, `${key}_published`]), i);
    const said = printed.map(([key, column]) =>
      text(`card.printed_${key}`, { value: words.figure(value(column, i)) })
    );
    return said.length ? capital(said.join(", ")) : null;
  }

  return (i) => {
    const list = element("dl");
    for (const [heading, say] of rows) {
      const said = say(i);
      if (said !== null) list.append(element("dt", heading()), element("dd", said));
    }
    return list;
  };
}
