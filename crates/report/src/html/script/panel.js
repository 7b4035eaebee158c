// One drawn chart and what it shows at the moment.

const WIDE = 620;

class Panel {
  constructor(element, view, changed) {
    this.element = element;
    this.view = view;
    this.changed = changed;
    this.state = {
      off: new Set((view.lines || []).filter((line) => line.hidden).map(switchName)),
      logX: Boolean(view.x.log), logY: Boolean(view.y.log), zoomed: false, range: null,
    };
    // Whether only whole numbers lie on the x axis, such as epochs: then there is no tick between them.
    this.whole = !view.x.log && (view.lines || []).length > 0 && view.lines.every((line) => lineXs(line).every((x, index) => line.ys[index] === null || Number.isInteger(x)));
    this.state.range = view.start ? view.start.map((x) => scaled(x, this.state.logX)) : xExtent(view, this.state);
    this.state.zoomed = Boolean(view.start);
    this.chart = echarts.init(element, null, { renderer: "canvas" });
    this.chart.on("datazoom", () => this.follow());
    this.chart.getZr().on("dblclick", () => this.changed(null, this));
    this.draw();
  }

  // The drag and the slider change the library's zoom; ticks and the y axis follow.
  follow() {
    const zoom = this.chart.getOption().dataZoom[0];
    const range = [zoom.startValue, zoom.endValue];
    if (range.every((value, index) => Math.abs(value - this.state.range[index]) < 1e-9)) return;
    this.changed(range, this);
  }

  zoom(range) {
    const all = xExtent(this.view, this.state);
    const [from, to] = range || all;
    const least = (all[1] - all[0]) / 1000;
    this.state.range = [Math.max(all[0], Math.min(from, all[1] - least)), Math.min(all[1], Math.max(to, from + least))];
    this.state.zoomed = this.state.range[0] > all[0] + 1e-12 || this.state.range[1] < all[1] - 1e-12;
    this.draw();
  }

  scale(axis, log) {
    const range = axis === "x" ? this.state.range.map((value) => (log ? Math.log10(value) : 10 ** value)) : this.state.range;
    this.state[axis === "x" ? "logX" : "logY"] = log;
    this.zoom(range);
  }

  axis(name, range, log, count) {
    const colours = shades();
    const axis = this.view[name];
    const rows = this.view.samples && name === "y" ? sampleRows(this.view) : null;
    const round = (ticks) => (name === "x" && this.whole ? ticks.filter((tick) => Number.isInteger(tick)) : ticks);
    const ticks = rows ? rows.map((_, index) => rows.length - 0.5 - index) : log ? logTicks(...range, count) : round(linearTicks(...range, count));
    const words = (value) => {
      if (rows) return rows[Math.round(rows.length - 0.5 - value)] || "";
      if (axis.labels) return axis.labels[Math.round(value)] || "";
      return log ? written(10 ** value, 6) : even(value, ticks);
    };
    return {
      type: "value", min: range[0], max: range[1],
      name: rows ? "" : axis.name + (log ? " (log scale)" : ""),
      nameLocation: name === "x" ? "middle" : "end", nameGap: name === "x" ? 26 : 12,
      nameTextStyle: { color: colours.muted, fontFamily: FONT, align: name === "x" ? "center" : "left", padding: name === "x" ? 0 : [0, 0, 0, -36] },
      axisLine: { show: name === "x", onZero: false, lineStyle: { color: colours.faint } },
      axisTick: { show: name === "x", customValues: ticks, lineStyle: { color: colours.faint } },
      axisLabel: { customValues: ticks, formatter: words, color: rows ? colours.ink : colours.muted, fontFamily: FONT, fontWeight: rows ? "bold" : "normal", hideOverlap: true },
      splitLine: { show: (name === "y") !== Boolean(this.view.samples), customValues: ticks, lineStyle: { color: colours.line } },
    };
  }

  draw() {
    const { view, state } = this;
    const colours = shades();
    const width = this.element.clientWidth || 800;
    const wide = width >= WIDE;
    const strip = Boolean(view.samples);
    const all = xExtent(view, state);
    const y = strip ? [0, sampleRows(view).length] : yRange(view, state, state.range);
    const longest = Math.max(0, ...(view.lines || []).map((line) => (line.label || "").length));
    const right = !wide ? 14 : strip ? 235 : longest ? Math.min(160, 16 + 7.5 * longest) : 20;
    const left = strip ? 74 : 52;
    const pixels = (width - left - right) / (state.range[1] - state.range[0]);
    const slider = !strip && !view.bars;
    const levels = markLevels(view, state, pixels);
    const high = Math.max(0, ...[...levels.values()].map((level) => level + 1));
    const [top, bottom] = [strip ? 16 + 15 * high : 36 + 14 * high, slider ? 78 : 44];
    const shifts = labelShifts(view, state, y, (this.element.clientHeight || 350) - top - bottom);
    // The x axis itself spans everything; the zoom decides which part is seen.
    const xAxis = { ...this.axis("x", state.range, state.logX, wide ? 8 : 5), min: all[0], max: all[1] };
    this.chart.setOption({
      animation: false, backgroundColor: "transparent", textStyle: { fontFamily: FONT, color: colours.ink },
      grid: { left, right, top, bottom },
      xAxis, yAxis: this.axis("y", y, state.logY, 5),
      series: [
        guides(view, state, colours, levels),
        ...(strip ? sampleSeries(view, state, colours, wide) : []),
        ...areaSeries(view, state, colours), ...lineSeries(view, state, colours, wide, shifts), ...barSeries(view, state, colours, pixels),
      ],
      tooltip: tooltip(this, colours, strip),
      dataZoom: this.zooms(colours, slider),
      toolbox: { show: true, itemSize: 0, showTitle: false, feature: { dataZoom: { yAxisIndex: "none", title: {}, brushStyle: { color: colours.blue, opacity: 0.15 }, filterMode: strip ? "none" : "filter" } } },
    }, { notMerge: true });
    // A drag selects what to zoom into. With fingers, a drag scrolls the page and two fingers zoom.
    if (!matchMedia("(pointer: coarse)").matches) {
      this.chart.dispatchAction({ type: "takeGlobalCursor", key: "dataZoomSelect", dataZoomSelectActive: true });
    }
  }

  zooms(colours, slider) {
    const filterMode = this.view.samples || this.view.bars ? "none" : "filter";
    const common = { xAxisIndex: 0, startValue: this.state.range[0], endValue: this.state.range[1], filterMode };
    const inside = { type: "inside", ...common, zoomOnMouseWheel: "ctrl", moveOnMouseMove: false, moveOnMouseWheel: false, preventDefaultMouseMove: false };
    const bar = {
      type: "slider", ...common, height: 18, bottom: 6, showDetail: false, brushSelect: false, borderColor: colours.line, fillerColor: colours.line,
      handleStyle: { color: colours.paper, borderColor: colours.muted }, moveHandleSize: 0, showDataShadow: false,
    };
    return slider ? [inside, bar] : [inside];
  }
}
