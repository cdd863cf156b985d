(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const range = $("share");
  const radios = [...document.querySelectorAll("input[name=moment]")];
  const last = data.shares.length - 1;
  const chosen = () => radios.findIndex((radio) => radio.checked);

  function show() {
    const step = Number(range.value);
    const stage = data.stages[step][chosen()];
    for (const node of document.querySelectorAll("[data-show]")) {
      node.textContent = node.dataset.show.split(".").reduce((at, key) => at[key], stage);
    }
    $("weight").textContent = data.weights[step];
    range.setAttribute("aria-valuetext", data.weights[step]);
    $("less").setAttribute("aria-disabled", String(step === 0));
    $("more").setAttribute("aria-disabled", String(step === last));
    draw();
  }

  function move(by) {
    range.value = String(Math.min(last, Math.max(0, Number(range.value) + by)));
    show();
  }

  function reveal() {
    const open = $("after").hidden;
    $("after").hidden = !open;
    $("reveal").setAttribute("aria-expanded", String(open));
    $("reveal").textContent = open ? "Hide what happened" : "Show what happened";
    draw();
  }

  /* Two small pictures: a line and a band for each policy, a vertical line at the current step. */
  function draw() {
    document.querySelectorAll(".charts > div").forEach((box, place) => chart(box, data.charts[place]));
  }

  function chart(box, about) {
    const width = Math.max(260, box.clientWidth || 480);
    const height = 240, left = 38, right = 12, top = 30, bottom = 40;
    const step = Number(range.value), moment = chosen();
    const low = about.ticks[0], high = about.ticks[about.ticks.length - 1];
    const x = (share) => left + share * (width - left - right);
    const y = (value) => top + (high - value) / (high - low) * (height - top - bottom);
    const svg = tag("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true", focusable: "false" });
    add(svg, "text", { x: 0, y: 13, class: "title" }, about.title);
    for (const tick of about.ticks) {
      add(svg, "line", { x1: left, x2: width - right, y1: y(tick), y2: y(tick), stroke: "var(--rule)" });
      add(svg, "text", { x: left - 6, y: y(tick) + 4, "text-anchor": "end" }, number(tick));
    }
    for (const share of [0, 0.5, 1]) {
      add(svg, "text", { x: x(share), y: height - 22, "text-anchor": share === 1 ? "end" : share ? "middle" : "start" },
        `${100 * share}\u00a0%`);
    }
    add(svg, "text", { x: x(0.5), y: height - 5, "text-anchor": "middle" }, "weight of how they are treated");
    add(svg, "line", { x1: x(data.shares[step]), x2: x(data.shares[step]), y1: top - 6, y2: height - bottom,
      stroke: "var(--ink)", "stroke-width": 1.5, class: "now" });
    data.policies.forEach((name, policy) => {
      const levels = data.stages.map((row) => row[moment].scenes[policy][about.of]);
      series(svg, policy, levels, x, y, step);
    });
    const said = data.policies.map((name, policy) =>
      `${name} ${data.stages[step][moment].scenes[policy][about.of].text}`);
    box.setAttribute("aria-label", `${about.title}, by weight of how customers are treated. Here: ${said.join(", ")}.`);
    box.replaceChildren(svg);
  }

  function series(svg, policy, levels, x, y, step) {
    const colour = `var(--policy-${policy})`;
    const known = levels.map((level, place) => [data.shares[place], level, place]).filter((one) => one[1].value !== null);
    const sure = known.filter((one) => one[1].low !== null);
    const upper = sure.map(([share, level]) => `${x(share)},${y(level.high)}`);
    const lower = sure.map(([share, level]) => `${x(share)},${y(level.low)}`).reverse();
    if (sure.length) add(svg, "polygon", { points: [...upper, ...lower].join(" "), fill: colour, opacity: 0.14 });
    add(svg, "polyline", { points: known.map(([share, level]) => `${x(share)},${y(level.value)}`).join(" "),
      fill: "none", stroke: colour, "stroke-width": 2, ...(policy ? { "stroke-dasharray": "6 3" } : {}) });
    for (const [share, level, place] of known) {
      const size = place === step ? 5.5 : 3;
      if (policy) {
        add(svg, "rect", { x: x(share) - size, y: y(level.value) - size, width: 2 * size, height: 2 * size, fill: colour });
      } else {
        add(svg, "circle", { cx: x(share), cy: y(level.value), r: size, fill: colour });
      }
    }
  }

  function tag(name, attributes) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  }

  function add(parent, name, attributes, text) {
    const node = tag(name, attributes);
    if (text !== undefined) node.textContent = text;
    parent.append(node);
  }

  const number = (value) => String(value).replace("-", "\u2212");

  range.addEventListener("input", show);
  radios.forEach((radio) => radio.addEventListener("change", show));
  $("less").addEventListener("click", () => move(-1));
  $("more").addEventListener("click", () => move(1));
  $("reveal").addEventListener("click", reveal);
  window.addEventListener("resize", draw);
  document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  show();
})();
