// What hands out a drawn plot.
"use strict";

// A picture that says by itself what it shows: title and period over it, and every colour named.
window.saveChart = (figure, chart, series, name) => {
  const scale = 2, head = 64;
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const family = getComputedStyle(document.body).fontFamily;
  const drawn = chart.getRenderedCanvas({ pixelRatio: scale, backgroundColor: token("--surface") });
  const canvas = document.createElement("canvas");
  canvas.width = drawn.width;
  canvas.height = drawn.height + head * scale;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.fillStyle = token("--surface");
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = token("--ink");
  pen.font = `600 15px ${family}`;
  const title = figure.querySelector(".plot-title").textContent;
  pen.fillText(title, 12, 24);
  const after = 12 + pen.measureText(title).width + 10;
  pen.font = `12px ${family}`;
  pen.fillText(figure.querySelector(".plot-period").textContent, after, 24);
  let left = 12;
  for (const one of series) {
    pen.fillStyle = token(`--plot-${one.colour}`);
    pen.fillRect(left, 39, 10, 10);
    pen.fillStyle = token("--ink");
    pen.fillText(one.name, left + 15, 48);
    left += 15 + pen.measureText(one.name).width + 18;
  }
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.drawImage(drawn, 0, head * scale);
  canvas.toBlob((picture) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(picture);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }, "image/png");
};
