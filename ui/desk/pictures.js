// What is in the library, in pictures: articles by month, outlets by month, outlets, languages.
// Each bar and each name opens the search for what it counts.

class PicturesView {
  constructor(root, act) {
    this.search = (chosen) => act({ type: "search", ...chosen });
    this.months = make("section", { class: "months" });
    this.heading = make("h2", {});
    this.undated = make("p", { class: "quiet" });
    this.months.append(this.heading, this.undated);
    this.time = new TimeBars(this.months, this.search);
    this.outlets = make("section", { class: "byoutlet" });
    this.outletsHeading = make("h2", {});
    this.outlets.append(this.outletsHeading);
    this.byOutlet = new TimeBars(this.outlets, this.search);
    this.names = make("section", { class: "names" });
    root.append(this.months, this.outlets, this.names);
  }

  draw(data) {
    this.heading.textContent = `Articles per ${data.time.per}`;
    this.undated.textContent = data.undated;
    this.undated.hidden = !data.undated;
    this.time.draw({ ...data.time, label: this.heading.textContent });
    this.outletsHeading.textContent = `Outlets by ${data.byOutlet.per}`;
    this.outlets.hidden = !data.byOutlet.rows.length;
    this.byOutlet.draw({ ...data.byOutlet, label: this.outletsHeading.textContent });
    update(this.names, [data.outlets, data.languages], () => [
      make("div", {}, make("h2", {}, "Outlets"), ...this.list(data.outlets, "outlet")),
      make("div", {}, make("h2", {}, "Languages"), ...this.list(data.languages, "language"))]);
  }

  list(rows, name) {
    return countList(rows, (value) => this.search({ [name]: value })).filter((part) => part !== null);
  }
}

// Rows of bars over one time, all to one scale, and the same as a table. data: { label, keys:
// [[key, words], …], rows: [{ value, label, counts, total }, …], note }; a row's value is the
// outlet that `pick({ time, outlet })` is told, "" for any; null: its bars only show.
class TimeBars {
  constructor(slot, pick) {
    this.pick = pick;
    this.readout = make("span", { class: "readout", "aria-live": "polite" });
    this.swap = make("button", { type: "button", class: "plain swap", onclick: () => this.turn() }, "As a table");
    this.picture = make("div", { class: "timebars" });
    this.table = make("div", { class: "scroll", tabindex: "0", role: "region", hidden: true });
    this.figure = make("figure", { class: "chart", role: "group" }, make("div", { class: "row" }, this.readout, this.swap), this.picture, this.table);
    slot.append(this.figure);
    this.picture.addEventListener("pointerover", (event) => this.tell(event.target.closest(".column")));
    this.picture.addEventListener("pointerleave", () => this.tell());
    this.picture.addEventListener("focusin", (event) => this.tell(event.target.closest(".column")));
    this.picture.addEventListener("focusout", () => this.tell());
    this.picture.addEventListener("keydown", (event) => this.step(event));
  }

  draw(data) {
    this.data = data;
    this.figure.hidden = !data.keys.length || !data.rows.length;
    if (this.figure.hidden) return;
    this.figure.setAttribute("aria-label", data.label);
    this.table.setAttribute("aria-label", `${data.label}, as a table`);
    update(this.picture, [data.keys, data.rows], () => [...this.rows(), this.axis()]);
    update(this.table, [data.keys, data.rows], () => [this.cells()]);
    this.tell();
  }

  rows() {
    const { rows } = this.data;
    const most = Math.max(1, ...rows.flatMap(({ counts }) => counts));
    return rows.map((row, place) => {
      const bars = make("div", { class: "bars", role: "group", "aria-label": row.label || this.data.label },
        ...row.counts.map((count, at) => this.bar(row, place, at, count, most)));
      const first = bars.querySelector("button"); // the one that Tab leads to
      if (first) first.tabIndex = 0;
      return make("div", { class: row.label ? "line named" : "line" }, row.label ? this.name(row) : null, bars);
    });
  }

  bar(row, place, at, count, most) {
    const fill = make("div", { class: "fill" });
    // The least count that there is can be seen.
    fill.style.height = count ? `max(2px, ${(100 * count) / most}%)` : "0";
    const where = { class: "column", "data-row": String(place), "data-at": String(at) };
    if (!count || row.value === null) return make("div", where, fill);
    return make("button", { ...where, type: "button", tabindex: "-1", "aria-label": this.words(row, at), onclick: () => this.open(row, at) }, fill);
  }

  name(row) {
    const words = [make("bdi", { class: "label" }, row.label), make("span", { class: "number-of" }, row.total.toLocaleString("en"))];
    if (row.value === null) return make("span", { class: "who" }, ...words);
    return make("button", { type: "button", class: "who", onclick: () => this.pick({ outlet: row.value }) }, ...words);
  }

  axis() {
    const { keys, rows } = this.data;
    const step = Math.max(1, Math.ceil(keys.length / AXIS_LABELS));
    const labels = keys.flatMap(([, words], at) => {
      if (at % step) return [];
      const label = make("span", {}, words);
      label.style.left = `${(100 * at) / keys.length}%`;
      return [label];
    });
    return make("div", { class: rows[0].label ? "axis named" : "axis", "aria-hidden": "true" }, ...labels);
  }

  // Months without any article are left out: a table has no scale to keep.
  cells() {
    const { keys, rows } = this.data;
    const heads = rows.map((row) => make("th", { scope: "col", class: "number-of" }, row.label
      ? (row.value === null ? row.label : make("button", { type: "button", class: "plain", onclick: () => this.pick({ outlet: row.value }) }, make("bdi", {}, row.label)))
      : "articles"));
    const lines = keys.flatMap(([key, words], at) => (rows.every(({ counts }) => !counts[at]) ? [] : [make("tr", {},
      make("th", { scope: "row" }, make("button", { type: "button", class: "plain", onclick: () => this.pick({ time: key }) }, words)),
      ...rows.map((row) => make("td", { class: "number-of" }, this.cell(row, at))))]));
    return make("table", {}, make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "When"), ...heads)), make("tbody", {}, ...lines));
  }

  cell(row, at) {
    const count = row.counts[at];
    const shown = count ? count.toLocaleString("en") : "";
    if (!count || row.value === null) return shown;
    return make("button", { type: "button", class: "plain", "aria-label": this.words(row, at), onclick: () => this.open(row, at) }, shown);
  }

  open(row, at) {
    this.pick({ time: this.data.keys[at][0], outlet: row.value });
  }

  words(row, at) {
    const count = row.counts[at];
    const told = `${this.data.keys[at][1]} · ${count.toLocaleString("en")} ${count === 1 ? "article" : "articles"}`;
    return row.label ? `${row.label} · ${told}` : told;
  }

  // The words above the bars: of one of them, else of all.
  tell(column = null) {
    const { keys, rows, note } = this.data;
    const whole = keys.length > 1 ? `${keys[0][1]} to ${keys[keys.length - 1][1]}` : keys[0]?.[1];
    const more = note ? ` · ${note}` : "";
    this.readout.textContent = column
      ? this.words(rows[Number(column.dataset.row)], Number(column.dataset.at))
      : `${whole}${more} · press a bar to search what it counts`;
  }

  // Arrows go from bar to bar, Home and End to the first and the last.
  step(event) {
    const bars = [...event.target.closest(".bars")?.querySelectorAll("button") ?? []];
    const at = bars.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: bars.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    bars[to]?.focus();
  }

  turn() {
    this.isTable = !this.isTable;
    this.table.hidden = !this.isTable;
    this.picture.hidden = this.isTable;
    this.swap.textContent = this.isTable ? "As a picture" : "As a table";
  }
}

// The reader alone, for a page whose other parts are drawn by themselves.
class PaneView {
  constructor(root, act) {
    this.reader = new ReaderView(root, act);
  }

  draw(data) {
    this.reader.draw(data.reader);
  }

  escape() {
    this.reader.close();
  }

  end() {
    this.reader.hide();
  }
}

views.pictures = PicturesView;
views.pane = PaneView;
