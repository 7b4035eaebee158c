// One series of many: found by its name, or by how well it was forecast.

class Picker {
  constructor(element, picks, views) {
    this.picks = picks;
    this.views = views;
    this.input = element.querySelector("input");
    this.said = element.querySelector("[aria-live]");
    this.targets = ["series", "residuals"].map((part) => document.getElementById(`picked-${part}`));
    this.figures = [];
    const names = element.querySelector("datalist");
    for (const pick of picks) {
      const option = document.createElement("option");
      option.value = pick.name;
      names.append(option);
    }
    this.input.addEventListener("change", () => this.find(this.input.value));
    for (const button of element.querySelectorAll("button[data-go]")) {
      button.addEventListener("click", () => this.go(button.dataset.go));
    }
    for (const link of document.querySelectorAll("a[data-pick]")) {
      link.addEventListener("click", () => this.pick(picks.findIndex((pick) => pick.id === link.dataset.pick)));
    }
    element.hidden = false;
    this.pick(0);
  }

  // The series of that name, or the first whose name holds the words.
  find(words) {
    const wanted = words.trim().toLowerCase();
    const names = this.picks.map((pick) => pick.name.toLowerCase());
    const exact = names.indexOf(wanted);
    const found = exact >= 0 ? exact : names.findIndex((name) => name.includes(wanted));
    if (wanted === "" || found < 0) this.said.textContent = `no series here is called “${words.trim()}”`;
    else this.pick(found);
  }

  // The picks stand from the worst to the best.
  go(place) {
    const last = this.picks.length - 1;
    const places = { worst: 0, middle: Math.floor(last / 2), best: last, worse: Math.max(0, this.at - 1), better: Math.min(last, this.at + 1) };
    this.pick(places[place]);
  }

  pick(at) {
    if (at < 0) return;
    this.at = at;
    const pick = this.picks[at];
    this.input.value = pick.name;
    this.said.textContent = `${pick.name}: ${at + 1} of ${this.picks.length}, from the worst to the best`;
    for (const figure of this.figures) figure.remove();
    const own = [[`view-series-${pick.id}`], [...this.views.keys()].filter((id) => id.startsWith(`view-residuals-${pick.id}.`))];
    const titles = [pick.name, `${pick.name}: residuals`];
    this.figures = this.targets.flatMap((target, part) => {
      target.hidden = own[part].length === 0;
      return target.hidden ? [] : [this.draw(target, own[part], titles[part], pick.notes[part])];
    });
  }

  draw(target, ids, title, note) {
    target.querySelector("h3").textContent = title;
    target.querySelector("figcaption p").textContent = note;
    target.querySelector(".controls").setAttribute("aria-label", `controls of the chart: ${title}`);
    const plots = ids.map((id) => {
      const plot = document.createElement("div");
      plot.className = "plot";
      plot.id = id;
      plot.tabIndex = 0;
      plot.setAttribute("role", "img");
      plot.setAttribute("aria-label", this.views.get(id).alt + KEYS);
      return plot;
    });
    target.querySelector(".panels").replaceChildren(...plots);
    return new Figure(target, this.views);
  }
}

const KEYS = "; plus and minus zoom, arrows move, Home shows all; the values stand in the table below";
