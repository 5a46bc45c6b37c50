// Plots of measures. The figures stand in the tables of the page; without scripts only those are there.
"use strict";

(() => {
  const HEIGHT = 240;
  const BAR = 30;
  const FONT = 12;
  const NAMES = { wide: 160, narrow: 104 };

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const colourOf = (name) => token(`--plot-${name}`);
  const family = () => getComputedStyle(document.body).fontFamily;

  function draw(figure) {
    const data = JSON.parse(figure.querySelector("script").textContent);
    const area = figure.querySelector(".plot-area");
    figure.hidden = false;
    area.style.height = `${data.kind === "bars" ? data.names.length * BAR + 8 : HEIGHT}px`;
    const chart = window.echarts.init(area, null, { renderer: "canvas" });
    const show = () => chart.setOption(optionOf(data, area.clientWidth), true);
    show();
    new ResizeObserver(() => {
      chart.resize();
      show();
    }).observe(area);
    nameSeries(figure, data);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
    new MutationObserver(show).observe(document.documentElement, { attributeFilter: ["data-theme", "data-bs-theme", "class"] });
    figure.querySelector("[data-picture]").addEventListener("click", (event) => {
      window.saveChart(figure, chart, data.series, event.currentTarget.dataset.picture);
    });
  }

  function optionOf(data, width) {
    const isBars = data.kind === "bars";
    const text = { fontFamily: family(), fontSize: FONT, color: token("--ink") };
    const soft = { ...text, color: token("--ink-soft") };
    const room = width < 560 ? NAMES.narrow : NAMES.wide;
    const names = {
      type: "category",
      data: data.names,
      inverse: isBars,
      boundaryGap: data.kind !== "lines" || data.names.length === 1,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: token("--line-strong") } },
      axisLabel: { ...soft, hideOverlap: true, ...(isBars ? { width: room - 12, overflow: "truncate" } : {}) },
    };
    const values = {
      type: "value",
      show: !isBars,
      ...(data.kind === "lines" ? { max: 1, min: lowest(data) } : { minInterval: 1 }),
      axisLabel: { ...soft, formatter: (value) => (data.kind === "lines" ? `${Math.round(value * 100)} %` : short(value)) },
      splitLine: { lineStyle: { color: token("--line") } },
    };
    return {
      animation: false,
      textStyle: text,
      grid: isBars
        ? { left: room, right: 64, top: 4, bottom: 4, outerBoundsMode: "none" }
        : { left: 48, right: 16, top: 16, bottom: 28, outerBoundsMode: "none" },
      xAxis: isBars ? values : names,
      yAxis: isBars ? names : values,
      series: isBars ? stacked(data, text) : data.series.map((one) => (data.kind === "lines" ? lineOf(one) : columnOf(one, data, width, text))),
    };
  }

  // Rates that are all high are drawn from the ten below the least: the page says them exactly.
  function lowest(data) {
    const known = data.series.flatMap((one) => one.values.filter((value) => value !== null));
    return known.length ? Math.max(0, Math.floor(Math.min(...known) * 10) / 10 - 0.1) : 0;
  }

  function lineOf(one) {
    return {
      type: "line",
      name: one.name,
      data: one.values,
      connectNulls: false,
      symbol: "circle",
      symbolSize: 5,
      itemStyle: { color: colourOf(one.colour) },
      lineStyle: { color: colourOf(one.colour), width: 2 },
    };
  }

  function columnOf(one, data, width, text) {
    const room = width / Math.max(1, data.names.length * data.series.length);
    return {
      type: "bar",
      name: one.name,
      barMaxWidth: 32,
      itemStyle: { color: colourOf(one.colour) },
      data: one.values.map((value, at) => ({
        value,
        label: { show: room > 26 && value > 0, position: "top", formatter: () => (room > 44 ? one.texts[at] : short(value)), ...text },
      })),
    };
  }

  function stacked(data, text) {
    const last = data.series.length - 1;
    return data.series.map((one, at) => ({
      type: "bar",
      stack: "all",
      name: one.name,
      barMaxWidth: 18,
      itemStyle: { color: colourOf(one.colour) },
      data: one.values.map((value, place) => ({
        value,
        // The last series is what the plot is about: its number stands at the end of the bar.
        label: { show: at === last, position: "right", formatter: () => one.texts[place], ...text },
      })),
    }));
  }

  function short(value) {
    const isChinese = document.documentElement.lang.startsWith("zh");
    for (const [unit, name] of isChinese ? [[1e8, "亿"], [1e4, "万"]] : [[1e6, "M"], [1e3, "k"]]) {
      if (value >= unit) return `${+(value / unit).toFixed(1)}${name}`;
    }
    return `${value}`;
  }

  function nameSeries(figure, data) {
    const keys = figure.querySelector(".plot-keys");
    for (const one of data.series) {
      const swatch = document.createElement("span");
      swatch.className = `key ${one.colour}`;
      const word = document.createElement("span");
      word.append(swatch, one.name);
      keys.append(word);
    }
  }

  for (const figure of document.querySelectorAll("figure[data-measures]")) draw(figure);
})();
