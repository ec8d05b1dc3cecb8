"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const asOf = Date.parse(data.asOf + "T00:00:00Z");
  const dayMs = 86400000;
  const drawn = new Set();

  // Article text reaches a chart only as a value of the tooltip, set as text.
  const options = { ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: { disableDefaultStyle: true } };

  function valuesOf(pair) {
    const scores = pair.days.map((age, i) => ({
      d: asOf - age * dayMs,
      p: pair.prob[i] / data.scale,
      l: pair.low[i] / data.scale,
      h: pair.high[i] / data.scale,
    }));
    const byAge = new Map(pair.days.map((age, i) => [age, pair.prob[i] / data.scale]));
    // A mark sits on the line where there is a score within a week, else on the axis.
    const nearest = (age) => {
      for (let step = 0; step <= 7; step++) {
        if (byAge.has(age - step)) return byAge.get(age - step);
        if (byAge.has(age + step)) return byAge.get(age + step);
      }
      return 0;
    };
    const events = pair.events.map(([age, quad, what, text]) => ({
      d: asOf - age * dayMs, p: nearest(age), quad: data.quads[quad], what, text,
    }));
    const weeks = pair.weeks.flatMap(([week, ...counts]) => counts.map((n, i) => ({
      d: asOf - (week + 1) * 7 * dayMs, n, quad: data.quads[i + 1],
    }))).filter((row) => row.n > 0);
    return { scores, events, weeks };
  }

  const withData = (spec, datasets, description) => ({ ...spec, datasets, description });

  async function draw(details) {
    const pair = data.pairs[details.id];
    if (!pair || drawn.has(details.id)) return;
    drawn.add(details.id);
    const { scores, events, weeks } = valuesOf(pair);
    const starts = [...scores, ...weeks].map((row) => row.d);
    const from = starts.length ? Math.min(...starts) : asOf - 30 * dayMs;
    const name = details.querySelector("h3").textContent;
    // Empty rows at both ends give the two charts the same span of time.
    for (const d of [from, asOf]) {
      scores.push({ d, p: null, l: null, h: null });
      weeks.push({ d, n: 0, quad: data.quads[1] });
    }
    scores.sort((one, other) => one.d - other.d);
    const scoreSpec = withData(data.score, { scores, events },
      `Probability for ${name} over time with its interval and marked events`);
    await vegaEmbed(details.querySelector(".score-chart"), scoreSpec, options);
    if (weeks.length > 2) {
      const weekSpec = withData(data.weeks, { weeks }, `Events a week between ${name}, by class`);
      await vegaEmbed(details.querySelector(".weeks-chart"), weekSpec, options);
    }
  }

  for (const details of document.querySelectorAll("details.pair")) {
    details.addEventListener("toggle", () => { if (details.open) draw(details); });
  }

  function openTarget() {
    const details = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (details && details.matches("details.pair")) {
      details.open = true;
      details.scrollIntoView();
      details.querySelector("summary").focus({ preventScroll: true });
    }
  }
  addEventListener("hashchange", openTarget);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"], a[*|href^="#"]');
    const target = link && (link.getAttribute("href") || link.getAttribute("xlink:href"));
    if (target && target === location.hash) openTarget();
  });
  openTarget();

  document.getElementById("close-all").addEventListener("click", () => {
    for (const details of document.querySelectorAll("details.pair[open]")) details.open = false;
  });

  const table = document.querySelector("table.ranking");
  const rest = document.getElementById("show-rest");
  if (rest) {
    table.classList.add("short");
    rest.hidden = false;
    rest.addEventListener("click", () => { table.classList.remove("short"); rest.hidden = true; });
  }

  const box = document.getElementById("filter");
  const status = document.getElementById("filter-count");
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLowerCase();
    table.classList.toggle("searched", wanted !== "");
    let shown = 0;
    for (const item of document.querySelectorAll("[data-find]")) {
      item.hidden = !item.dataset.find.toLowerCase().includes(wanted);
      if (!item.hidden && item.matches("tr")) shown++;
    }
    status.textContent = wanted ? `${shown} pair${shown === 1 ? "" : "s"}` : "";
  });
})();
