/* <div data-chart="line|bar|waterfall" data-chart-of="table-id"> draws the numbers of that table: its first column names
   them, every cell with [data-value] is one. The library (data-src-echarts on the loader) is fetched when a chart comes
   near; without it, or without JavaScript, the table says everything.
   Canvas, no tooltip and no animation: nothing that the content security policy would have to allow. */
(function () {
  "use strict";
  var loader = document.querySelector("script[data-src-echarts]");
  var address = loader && loader.dataset.srcEcharts;
  var waiting = null;

  function library() {
    if (window.echarts) return Promise.resolve(window.echarts);
    if (!address) return Promise.reject(new Error("no chart library"));
    waiting = waiting || new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = address;
      script.onload = function () { done(window.echarts); };
      script.onerror = failed;
      document.head.appendChild(script);
    });
    return waiting;
  }

  function token(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

  function read(table, reversed) {
    var rows = Array.from(table.tBodies[0].rows).filter(function (row) { return row.querySelector("[data-value]"); });
    if (reversed) rows.reverse();
    var heads = Array.from(table.tHead.rows[0].cells);
    var columns = [];
    rows.forEach(function (row, place) {
      Array.from(row.cells).forEach(function (cell, index) {
        var number = cell.querySelector("[data-value]");
        if (!number) return;
        columns[index] = columns[index] || { name: heads[index].textContent.trim(), values: [] };
        columns[index].values[place] = Number(number.dataset.value);
      });
    });
    return {
      names: rows.map(function (row) { return row.cells[0].textContent.trim(); }),
      starts: rows.map(function (row) { return Number(row.dataset.start || 0); }),
      columns: columns.filter(Boolean),
    };
  }

  function option(kind, data, size) {
    var ink = token("--ink"), soft = token("--line-soft");
    var colours = [token("--blue"), token("--amber"), token("--green")];
    var text = { color: ink, fontSize: size, fontFamily: token("--sans") };
    var names = { type: "category", data: data.names, axisLabel: text, axisLine: { lineStyle: { color: ink } }, axisTick: { show: false } };
    var values = { type: "value", minInterval: 1, axisLabel: text, splitLine: { lineStyle: { color: soft } } };
    var base = { animation: false, textStyle: text, color: colours, grid: { left: 8, right: 24, top: size * 2, bottom: 8, containLabel: true } };
    if (kind === "line") {
      base.xAxis = names;
      base.yAxis = values;
      base.series = data.columns.map(function (column, index) {
        return {
          type: "line", name: column.name, data: column.values, symbol: ["circle", "rect", "triangle"][index], symbolSize: size / 2,
          lineStyle: { width: 2, type: ["solid", "dashed", "dotted"][index] },
        };
      });
      return base;
    }
    names.inverse = kind === "waterfall";
    var shown = data.columns[0];
    var bar = { type: "bar", data: shown.values, itemStyle: { color: colours[0] }, label: { show: true, position: kind === "waterfall" ? "right" : "top", color: ink, fontSize: size } };
    if (kind === "waterfall") {
      base.xAxis = values;
      base.yAxis = names;
      bar.stack = "days";
      base.series = [{ type: "bar", stack: "days", data: data.starts, silent: true, itemStyle: { color: "transparent" } }, bar];
    } else {
      base.xAxis = names;
      base.yAxis = values;
      base.series = [bar];
    }
    return base;
  }

  /* What the lines are, in words and strokes beside the drawing: the library's own legend is not in its small build. */
  function legend(region, data) {
    var old = region.querySelector(".chart-legend");
    if (old) region.removeChild(old);
    var list = document.createElement("p");
    list.className = "chart-legend";
    list.setAttribute("aria-hidden", "true");
    data.columns.forEach(function (column, index) {
      var item = document.createElement("span");
      item.dataset.line = String(index);
      item.textContent = column.name;
      list.appendChild(item);
    });
    region.appendChild(list);
  }

  function draw(region, echarts) {
    var table = document.getElementById(region.dataset.chartOf);
    if (!table || !document.contains(region)) return;
    var data = read(table, region.hasAttribute("data-chart-reversed"));
    if (!data.columns.length) return;
    region.classList.add("is-waiting");
    var room = document.createElement("div");
    room.className = "chart-room";
    halls.fill(region, [room]);
    if (region.dataset.chart === "line") legend(region, data);
    var size = Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.8);
    var chart = echarts.init(room, null, { renderer: "canvas", devicePixelRatio: Math.max(2, window.devicePixelRatio || 1) });
    chart.setOption(option(region.dataset.chart, data, size));
    region.dataset.drawn = "yes";
    function fit() {
      if (document.contains(region)) chart.resize();
      else { window.removeEventListener("resize", fit); window.removeEventListener("beforeprint", fit); chart.dispose(); }
    }
    window.addEventListener("resize", fit);
    window.addEventListener("beforeprint", fit);
  }

  halls.behaviour("chart", function (region) {
    if (!address) return;
    region.classList.add("is-waiting");
    function go() {
      library().then(function (echarts) { draw(region, echarts); }).catch(function () { region.classList.remove("is-waiting"); });
    }
    if (!window.IntersectionObserver || window.echarts) { go(); return; }
    var seen = new IntersectionObserver(function (entries) {
      if (!entries.some(function (entry) { return entry.isIntersecting; })) return;
      seen.disconnect();
      go();
    }, { rootMargin: "200px" });
    seen.observe(region);
    window.addEventListener("beforeprint", go, { once: true });
  });
})();
