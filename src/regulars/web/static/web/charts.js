// Draws the charts whose figures stand as JSON beside them; the server wrote every text, this only places them.
(() => {
  const drawn = new Map();
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const lines = () => [1, 2, 3, 4, 5, 6].map((n) => colour(`--line-${n}`));

  function writer(told) {
    const locale = told.locale.replace("_", "-");
    const as = (options) => new Intl.NumberFormat(locale, options);
    if (told.unit === "share") { const f = as({ style: "percent", maximumFractionDigits: 1 }); return (v) => f.format(v); }
    if (told.unit === "money" && told.currency) {
      const short = as({ style: "currency", currency: told.currency, notation: "compact", maximumFractionDigits: 1 });
      const exact = as({ style: "currency", currency: told.currency, maximumFractionDigits: 0 });
      return (v) => (Math.abs(v) >= 1e6 ? short : exact).format(v);
    }
    const f = as({ maximumFractionDigits: told.unit === "decimal" ? 2 : 0 });
    return (v) => f.format(v);
  }

  function band(one, palette, place) {
    const shared = { type: "line", symbol: "none", stack: `band-${place}`, silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false }, emphasis: { disabled: true } };
    return [
      { ...shared, name: `${one.label} `, data: one.low },
      { ...shared, name: `${one.label}  `, data: one.high.map((high, i) => (high === null || one.low[i] === null ? null : high - one.low[i])), areaStyle: { color: palette[place % palette.length], opacity: 0.16 } },
    ];
  }

  function whiskers(one, palette, place) {
    return {
      type: "custom", name: `${one.label} interval`, silent: true, tooltip: { show: false }, z: 5,
      data: one.values.map((_, i) => [i, one.low[i], one.high[i]]).filter((p) => p[1] !== null && p[2] !== null),
      renderItem: (_, api) => {
        const [x, low] = api.coord([api.value(0), api.value(1)]);
        const high = api.coord([api.value(0), api.value(2)])[1];
        const style = { stroke: colour("--ink"), lineWidth: 1.4 };
        return { type: "group", children: [[x, low, x, high], [x - 5, low, x + 5, low], [x - 5, high, x + 5, high]].map(([x1, y1, x2, y2]) => ({ type: "line", shape: { x1, y1, x2, y2 }, style })) };
      },
    };
  }

  function series(told, palette) {
    return told.series.flatMap((one, place) => {
      const tint = palette[place % palette.length];
      const base = { name: one.label, data: one.values, itemStyle: { color: tint }, emphasis: { focus: "none" } };
      if (told.kind === "bars" || told.kind === "stacked") {
        const bar = { ...base, type: "bar", barMaxWidth: 42, stack: told.kind === "stacked" ? "all" : undefined };
        return one.low ? [bar, whiskers(one, palette, place)] : [bar];
      }
      if (told.kind === "points") return [{ ...base, type: "scatter", symbolSize: 9 }, ...(one.low ? [whiskers(one, palette, place)] : [])];
      const line = { ...base, type: "line", showSymbol: one.values.length < 2, symbolSize: 6, lineStyle: { color: tint, width: 2.2, type: one.dashed ? "dashed" : "solid" }, connectNulls: false };
      if (told.kind === "area") line.areaStyle = { color: tint, opacity: 0.14 };
      return one.low && told.series.length <= 3 ? [...band(one, palette, place), line] : [line];  // more bands hide each other; the tooltip has them
    });
  }

  function options(told) {
    const write = writer(told);
    const ink = colour("--quiet");
    const named = told.series.map((one) => one.label);
    const text = { color: ink, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 };
    return {
      animation: false, textStyle: text, aria: { enabled: false },
      grid: { left: 8, right: 18, top: named.length > 1 ? 40 : 16, bottom: told.xLabel ? 34 : 12, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      legend: named.length > 1 ? { data: named, top: 0, left: 0, textStyle: text, icon: "roundRect", itemWidth: 14, itemHeight: 4, type: "scroll" } : undefined,
      tooltip: {
        trigger: "axis", renderMode: "richText", confine: true, backgroundColor: colour("--panel"), borderColor: colour("--hair"), textStyle: { ...text, color: colour("--ink") },
        formatter: (points) => [points[0].name, ...points.filter((p) => named.includes(p.seriesName) && p.value !== null && p.value !== undefined).map((p) => {
          const one = told.series[named.indexOf(p.seriesName)];
          const range = one.low && one.low[p.dataIndex] !== null ? ` (${write(one.low[p.dataIndex])} – ${write(one.high[p.dataIndex])})` : "";
          return `${p.seriesName}: ${write(p.value)}${range}`;
        })].join("\n"),
      },
      xAxis: { type: "category", data: told.x, boundaryGap: told.kind === "bars" || told.kind === "stacked" || told.kind === "points", name: told.xLabel, nameLocation: "middle", nameGap: 28, nameTextStyle: text, axisLine: { lineStyle: { color: colour("--base") } }, axisTick: { show: false }, axisLabel: { ...text, hideOverlap: true } },
      yAxis: { type: "value", axisLabel: { ...text, formatter: write }, splitLine: { lineStyle: { color: colour("--rule") } } },
      series: series(told, lines()),
    };
  }

  function draw(place) {
    const told = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    const chart = drawn.get(place) || window.echarts.init(place, null, { renderer: "canvas" });
    drawn.set(place, chart);
    chart.setOption(options(told), true);
  }

  const drawAll = (root) => root.querySelectorAll("[data-chart]").forEach(draw);
  document.addEventListener("DOMContentLoaded", () => drawAll(document));
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) drawAll(event.target); });
  document.addEventListener("themechange", () => drawn.forEach((_, place) => draw(place)));
  window.addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));
  window.addEventListener("beforeprint", () => drawn.forEach((chart) => chart.resize()));
})();
