// Bars: how many articles in each month or year, and how many by name. Each can be read
// as a table and used with the keyboard.

const AXIS_LABELS = 6;

// One bar for each month or year of a time without holes. data: { label, bars: [[key, words,
// count], …], unit: [one, many], from, to, note }; `from` and `to` are keys of the chosen
// range, or null. `onRange(from, to)` is told what was chosen, with null for "from the start",
// "to the end".
class TimeChart {
  constructor(slot, onRange) {
    this.onRange = onRange;
    this.isTable = false;
    this.readout = make("span", { class: "readout", "aria-live": "polite" });
    this.clear = make("button", { type: "button", class: "plain", hidden: true, onclick: () => this.choose(0, this.last) }, "All dates");
    this.swap = make("button", { type: "button", class: "plain", onclick: () => this.turn() }, "As a table");
    this.bars = make("div", { class: "bars", "aria-hidden": "true" });
    this.thumbs = ["From", "To"].map((name) => make("input", { type: "range", "aria-label": name, min: "0", step: "1" }));
    this.brush = make("div", { class: "brush" }, ...this.thumbs);
    this.axis = make("div", { class: "axis", "aria-hidden": "true" });
    this.picture = make("div", { class: "picture" }, this.bars, this.brush, this.axis);
    this.table = make("div", { class: "scroll", hidden: true });
    this.figure = make("figure", { class: "chart", role: "group" },
      make("div", { class: "row" }, this.readout, make("span", {}, this.clear, this.swap)), this.picture, this.table);
    slot.append(this.figure);
    this.listen();
    this.bars.addEventListener("pointermove", (event) => { if (!this.dragged) this.tell(this.place(event)); });
    this.bars.addEventListener("pointerleave", () => { if (!this.dragged) this.tell(); });
  }

  get last() {
    return this.data.bars.length - 1;
  }

  draw(data) {
    this.data = data;
    this.figure.hidden = !data || !data.bars.length;
    if (this.figure.hidden) return;
    this.figure.setAttribute("aria-label", data.label);
    const keys = data.bars.map(([key]) => key);
    // A day chosen elsewhere lies in the month, or the year, that the chart shows.
    const cut = (chosen, key) => chosen.slice(0, key.length);
    const first = data.from ? keys.findIndex((key) => key >= cut(data.from, key)) : 0;
    this.low = first < 0 ? this.last : first;
    const end = data.to ? keys.findLastIndex((key) => key <= cut(data.to, key)) : this.last;
    this.high = Math.max(this.low, end);
    update(this.bars, data.bars, () => this.columns());
    update(this.axis, keys, () => this.labels());
    update(this.table, [data.bars, data.unit], () => [this.rows()]);
    this.picture.style.setProperty("--bars", data.bars.length);
    for (const thumb of this.thumbs) thumb.max = String(this.last);
    this.show();
  }

  columns() {
    const most = Math.max(1, ...this.data.bars.map(([, , count]) => count));
    return this.data.bars.map(([, , count]) => {
      const bar = make("div", { class: count ? "fill" : "fill none" });
      // The least count that there is can be seen.
      bar.style.height = count ? `max(2px, ${(100 * count) / most}%)` : "1px";
      return make("div", { class: "column" }, bar);
    });
  }

  labels() {
    const step = Math.max(1, Math.ceil(this.data.bars.length / AXIS_LABELS));
    return this.data.bars.flatMap(([, words], place) => {
      if (place % step) return [];
      const label = make("span", {}, words);
      label.style.left = `${(100 * place) / this.data.bars.length}%`;
      return [label];
    });
  }

  rows() {
    const rows = this.data.bars.map(([, words, count], place) => make("tr", {},
      make("td", {}, count
        ? make("button", { type: "button", class: "plain", onclick: () => this.choose(place, place) }, words) : words),
      make("td", { class: "number-of" }, count.toLocaleString("en"))));
    return make("table", {},
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "When"), make("th", { scope: "col", class: "number-of" }, this.data.unit[1]))),
      make("tbody", {}, ...rows));
  }

  // The chosen range, on the bars, the thumbs and in words.
  show() {
    const { bars } = this.data;
    [...this.bars.children].forEach((column, place) => {
      column.classList.toggle("out", place < this.low || place > this.high);
    });
    [this.low, this.high].forEach((place, side) => {
      this.thumbs[side].value = String(place);
      this.thumbs[side].setAttribute("aria-valuetext", bars[place][1]);
    });
    this.clear.hidden = !this.data.from && !this.data.to;
    this.tell();
  }

  // The words above the bars: of one bar, else of the chosen range.
  tell(only = null) {
    const { bars, unit, note } = this.data;
    const [low, high] = only === null ? [this.low, this.high] : [only, only];
    const count = bars.slice(low, high + 1).reduce((sum, bar) => sum + bar[2], 0);
    const when = low === high ? bars[low][1] : `${bars[low][1]} to ${bars[high][1]}`;
    const words = `${when} · ${count.toLocaleString("en")} ${unit[count === 1 ? 0 : 1]}`;
    this.readout.textContent = only === null && note ? `${words} · ${note}` : words;
  }

  turn() {
    this.isTable = !this.isTable;
    this.table.hidden = !this.isTable;
    this.picture.hidden = this.isTable;
    this.swap.textContent = this.isTable ? "As a picture" : "As a table";
  }

  place(event) {
    const box = this.bars.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return Math.min(this.last, Math.max(0, Math.floor(share * this.data.bars.length)));
  }

  listen() {
    this.thumbs.forEach((thumb, side) => {
      thumb.addEventListener("input", () => {
        const place = Number(thumb.value);
        if (side) this.high = Math.max(place, this.low);
        else this.low = Math.min(place, this.high);
        this.show();
      });
      thumb.addEventListener("change", () => this.choose(this.low, this.high));
    });
    this.bars.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      this.dragged = { from: this.place(event), chosen: [this.low, this.high] };
      this.bars.setPointerCapture(event.pointerId);
      this.drag(event);
    });
    this.bars.addEventListener("pointermove", (event) => { if (this.dragged) this.drag(event); });
    this.bars.addEventListener("pointerup", () => this.drop());
    this.bars.addEventListener("pointercancel", () => { this.dragged = null; this.draw(this.data); });
  }

  drag(event) {
    const place = this.place(event);
    this.low = Math.min(this.dragged.from, place);
    this.high = Math.max(this.dragged.from, place);
    this.show();
  }

  // One bar that was chosen alone already, pressed again, takes the choice back.
  drop() {
    if (!this.dragged) return;
    const [low, high] = this.dragged.chosen;
    this.dragged = null;
    const again = this.low === this.high && low === this.low && high === this.high;
    if (again) this.choose(0, this.last);
    else this.choose(this.low, this.high);
  }

  choose(low, high) {
    [this.low, this.high] = [low, high];
    const { bars } = this.data;
    const one = low === high && this.last > 0; // then nothing else is meant
    this.onRange(low > 0 || one ? bars[low][0] : null, high < this.last || one ? bars[high][0] : null);
  }
}

// Names with their counts as bars. rows: [{ value, label, count, active }, …], largest first;
// `onPick(value)` makes each that has a value a button. More than `shown` of them are folded.
function countList(rows, onPick = null, shown = 8) {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const line = ({ value, label, count, active, title }) => {
    const bar = make("span", { class: "fill", "aria-hidden": "true" });
    bar.style.width = `${(100 * count) / most}%`;
    const parts = [make("bdi", { class: "label", title }, label), make("span", { class: "number-of" }, count.toLocaleString("en")), bar];
    return make("li", {}, onPick && value !== null
      ? make("button", { type: "button", "aria-pressed": String(Boolean(active)), onclick: () => onPick(value) }, ...parts)
      : make("span", { class: "line" }, ...parts));
  };
  const list = (part) => make("ul", { class: "countlist" }, ...part.map(line));
  const first = rows.slice(0, shown);
  const rest = rows.slice(shown);
  const more = rest.length
    ? make("details", { open: rest.some(({ active }) => active) }, make("summary", {}, `${rest.length} more`), list(rest)) : null;
  return [list(first), more];
}
