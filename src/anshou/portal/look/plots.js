// Plots of reports. The figures stand in the table below each; without scripts only the table is there.
"use strict";

const BAR = 30;
const COLUMNS_HEIGHT = 260;
const ROOM = { wide: { names: 132, sums: 104 }, narrow: { names: 92, sums: 88 } };
const FONT = 12;

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const colourOf = (name) => token(`plot-${name}`);
// Dark grounds carry white words, light ones dark: whichever has the greater contrast (WCAG 2, relative luminance).
function wordsOn(name) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = parseInt(colourOf(name).slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? "#1d2633" : "#fff";
}

function draw(figure) {
  const data = JSON.parse(figure.querySelector("script").textContent);
  const area = figure.querySelector(".plot-area");
  figure.hidden = false;
  const isBars = data.shape === "bars";
  area.style.height = `${isBars ? data.names.length * BAR + 8 : COLUMNS_HEIGHT}px`;
  const chart = window.echarts.init(area, null, { renderer: "canvas" });
  const show = () => chart.setOption(optionOf(data, area.clientWidth, figure), true);
  show();
  new ResizeObserver(() => {
    chart.resize();
    show();
  }).observe(area);
  figure.querySelector("[data-picture]").addEventListener("click", (event) => {
    // One series is what the title names.
    const named = data.series.length > 1 ? data.series : [];
    window.saveChart(figure, chart, named, event.currentTarget.dataset.picture);
  });
}

function optionOf(data, width, figure) {
  const isBars = data.shape === "bars";
  const room = width < 560 ? ROOM.narrow : ROOM.wide;
  const family = getComputedStyle(document.body).fontFamily;
  const text = { fontFamily: family, fontSize: FONT, color: token("ink") };
  const named = places(data, width - room.names - room.sums);
  nameTheRest(figure, data, isBars ? named : data.series.map(() => -1));
  const names = {
    type: "category",
    data: data.names,
    inverse: isBars,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: token("line-strong") } },
    axisLabel: { ...text, ...(isBars ? { width: room.names - 12, overflow: "truncate" } : {}) },
  };
  const amounts = { type: "value", show: false };
  const sums = isBars ? data.sums : sumsThatFit(data, (width - 16) / data.names.length);
  return {
    animation: false,
    textStyle: text,
    grid: isBars
      ? { left: room.names, right: room.sums, top: 4, bottom: 4, outerBoundsMode: "none" }
      : { left: 8, right: 8, top: 24, bottom: 28, outerBoundsMode: "none" },
    xAxis: isBars ? amounts : names,
    yAxis: isBars ? names : amounts,
    series: [...data.series.map((one, at) => amountsOf(one, data, named[at], isBars)), sumsOf(sums, isBars, text)],
  };
}

function amountsOf(one, data, place, isBars) {
  return {
    type: "bar",
    stack: "all",
    name: one.name,
    barMaxWidth: isBars ? 18 : 44,
    itemStyle: { color: colourOf(one.colour) },
    data: one.fen.map((value, at) => ({
      value,
      label: {
        show: isBars && data.series.length > 1 && at === place,
        formatter: () => one.name,
        color: wordsOn(one.colour),
        fontSize: FONT,
      },
    })),
  };
}

// The sum stands at the end of its bar: behind what is above zero.
function sumsOf(sums, isBars, text) {
  return {
    type: "bar",
    stack: "all",
    silent: true,
    itemStyle: { color: "transparent" },
    data: sums.map((sum) => ({
      value: 0,
      label: { show: true, position: isBars ? "right" : "top", formatter: () => sum, ...text },
    })),
  };
}

// Over columns that stand close the sums are rounded, and where even that is too much only the highest has one.
function sumsThatFit(data, room) {
  const fits = (sums) => Math.max(...sums.map((sum) => sum.length)) * 7.2 < room;
  if (fits(data.sums)) return data.sums;
  if (fits(data.short)) return data.short;
  const heights = data.names.map((_, at) => data.series.reduce((sum, one) => sum + one.fen[at], 0));
  const highest = heights.indexOf(Math.max(...heights));
  return data.short.map((sum, at) => (at === highest ? sum : ""));
}

// Each series is named once, on the first bar that is wide enough for its name.
function places(data, width) {
  const up = (at) => data.series.reduce((sum, one) => sum + Math.max(one.fen[at], 0), 0);
  const down = (at) => data.series.reduce((sum, one) => sum + Math.min(one.fen[at], 0), 0);
  const whole = Math.max(0, ...data.names.map((_, at) => up(at))) - Math.min(0, ...data.names.map((_, at) => down(at)));
  return data.series.map((one) =>
    one.fen.findIndex((fen) => whole && (Math.abs(fen) / whole) * width * 0.85 > one.name.length * FONT + 8),
  );
}

function nameTheRest(figure, data, named) {
  const keys = figure.querySelector(".plot-keys");
  keys.replaceChildren();
  data.series.forEach((one, at) => {
    if (named[at] >= 0 || data.series.length < 2 || !one.fen.some(Boolean)) return;
    const swatch = document.createElement("span");
    swatch.className = `key ${one.colour}`;
    const word = document.createElement("span");
    word.append(swatch, one.name);
    keys.append(word);
  });
}

for (const figure of document.querySelectorAll("figure[data-plot]")) draw(figure);
