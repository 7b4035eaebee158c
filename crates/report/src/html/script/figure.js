// A figure: its panels, and the buttons that act on all of them.

class Figure {
  constructor(element, views) {
    this.element = element;
    this.live = element.querySelector("[aria-live]");
    const plots = [...element.querySelectorAll(".plot")];
    this.panels = plots.map((plot) => new Panel(plot, views.get(plot.id), (range, panel) => this.zoom(range, panel)));
    for (const panel of this.panels) panel.element.addEventListener("keydown", (event) => this.key(event, panel));
    this.controls = element.querySelector(".controls");
    this.addSwitches();
    this.addZooms();
    addTables(element, this.panels);
    this.mark();
  }

  get first() {
    return this.panels[0];
  }

  button(words, act, parent) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", act);
    parent.append(button);
    return button;
  }

  group(label) {
    const group = document.createElement("div");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", label);
    this.controls.append(group);
    return group;
  }

  addSwitches() {
    const view = this.first.view;
    const named = (name, hue) => [name, hue];
    const all = [
      ...(view.lines || []).map((line) => named(switchName(line), line.hue)),
      ...(view.areas || []).map((area) => named(area.name, area.hue)),
      ...(view.samples || []).map((sample) => named(sample.name, sample.hue)),
    ];
    const series = new Map(all);
    if (series.size < 2) return;
    const group = this.group("series");
    for (const [name, hue] of series) {
      const button = this.button(name, () => {
        const on = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(on));
        for (const panel of this.panels) {
          if (on) panel.state.off.delete(name); else panel.state.off.add(name);
          panel.draw();
        }
      }, group);
      button.className = "series";
      button.dataset.hue = hue;
      button.setAttribute("aria-pressed", String(!this.first.state.off.has(name)));
    }
  }

  addZooms() {
    const view = this.first.view;
    const group = this.group("zoom");
    this.zoomButtons = [];
    const add = (words, range) => this.zoomButtons.push([this.button(words, () => this.zoom(range()), group), range]);
    const scale = (x) => scaled(x, this.first.state.logX);
    add("all", () => xExtent(view, this.first.state));
    for (const zoom of view.zooms || []) add(zoom.label, () => [scale(zoom.from), scale(zoom.to)]);
    const closer = this.button("+", () => this.by(0.5), group);
    closer.setAttribute("aria-label", "zoom in");
    const wider = this.button("−", () => this.by(2), group);
    wider.setAttribute("aria-label", "zoom out");
    for (const axis of ["x", "y"]) {
      if (!view[axis].switchable) continue;
      const state = axis === "x" ? "logX" : "logY";
      const button = this.button(`log ${axis}`, () => {
        const log = !this.first.state[state];
        button.setAttribute("aria-pressed", String(log));
        for (const panel of this.panels) panel.scale(axis, log);
        this.mark();
      }, group);
      button.setAttribute("aria-pressed", String(this.first.state[state]));
    }
    this.button("save PNG", () => this.save(), group);
  }

  by(factor, shift = 0, panel = this.first) {
    const [from, to] = panel.state.range;
    const middle = (from + to) / 2 + shift * (to - from);
    const half = ((to - from) / 2) * factor;
    this.zoom([middle - half, middle + half], panel);
  }

  // Panels that share an x axis zoom together.
  zoom(range, source = this.first) {
    for (const panel of this.panels) if (panel.view.x.name === source.view.x.name) panel.zoom(range);
    this.mark();
    const { view, state } = source;
    const words = state.range.map((x) => placeWords(view, state.logX ? 10 ** x : x));
    this.live.textContent = state.zoomed ? `shown: ${words[0]} to ${words[1]}` : "all shown";
  }

  // Shows which button's range is on the screen.
  mark() {
    for (const [button, range] of this.zoomButtons) {
      const wanted = range();
      const width = Math.abs(wanted[1] - wanted[0]) || 1;
      const same = this.first.state.range.every((value, index) => Math.abs(value - wanted[index]) < 1e-3 * width);
      button.setAttribute("aria-pressed", String(same));
    }
  }

  key(event, panel) {
    const [closer, wider, all] = [() => this.by(0.5, 0, panel), () => this.by(2, 0, panel), () => this.zoom(null, panel)];
    const acts = {
      "+": closer, "=": closer, "-": wider, Home: all, Escape: all, 0: all,
      ArrowLeft: () => this.by(1, -0.25, panel), ArrowRight: () => this.by(1, 0.25, panel),
    };
    const act = event.ctrlKey || event.metaKey || event.altKey ? null : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  save() {
    for (const panel of this.panels) {
      const link = document.createElement("a");
      link.href = panel.chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: shades().paper });
      link.download = `${panel.view.id.replace(/^view-/, "")}.png`;
      link.click();
    }
  }

  // Gives the place to another series.
  remove() {
    for (const panel of this.panels) panel.chart.dispose();
    this.controls.replaceChildren();
    for (const details of this.element.querySelectorAll("details")) details.remove();
  }

  redraw() {
    for (const panel of this.panels) panel.draw();
  }

  resize() {
    for (const panel of this.panels) {
      panel.chart.resize();
      panel.draw();
    }
  }
}
