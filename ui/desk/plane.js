// Points on a canvas with the names of their groups above them: zoomed and moved, chosen with the
// pointer or the arrow keys, opened with a press.

const MOST_ZOOM = 24;
const NEARER = 1.6;
const SPARSE = 120; // points
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// `open(at)` is told which point was pressed. data: { key, points: { x, y in 0..1, titles,
// sources }, groups: [{ name, x, y }, …] largest first, label }; `tints(pale)` gives a Map of
// colours to the points that have them, the lowest first.
class Plane {
  constructor(slot, open) {
    this.open = open;
    this.slot = slot;
    this.chosen = null;
    this.canvas = make("canvas", { tabindex: "0", role: "application", "aria-describedby": "maphint" });
    this.labels = make("div", { class: "labels", "aria-hidden": "true" });
    this.tip = make("div", { class: "tip", hidden: true });
    this.said = make("p", { class: "said", "aria-live": "polite" });
    slot.append(this.canvas, this.labels, this.tip, this.said);
    this.watch = new ResizeObserver(() => this.paint());
    this.watch.observe(this.canvas);
    this.listen();
    this.listenToKeys();
  }

  draw(data, tints) {
    this.tints = tints;
    if (this.key !== data.key) {
      this.key = data.key;
      this.points = data.points;
      this.groups = data.groups;
      this.chosen = null;
      this.canvas.setAttribute("aria-label", data.label);
      this.whole();
    }
    this.paint();
  }

  whole() {
    this.view = { zoom: 1, x: 0.5, y: 0.5 };
    this.paint();
  }

  // The middle stays in the middle, or `at`, a place on the canvas, under the pointer.
  zoom(factor, at = null) {
    const { view } = this;
    const zoom = Math.min(MOST_ZOOM, Math.max(1, view.zoom * factor));
    const [x, y] = at ?? [this.width / 2, this.height / 2];
    const held = this.toMap(x, y);
    view.zoom = zoom;
    const moved = this.toMap(x, y);
    this.move(held[0] - moved[0], held[1] - moved[1]);
  }

  move(x, y) {
    const { view } = this;
    const room = 0.5 - 0.5 / view.zoom;
    view.x = Math.min(0.5 + room, Math.max(0.5 - room, view.x + x));
    view.y = Math.min(0.5 + room, Math.max(0.5 - room, view.y + y));
    this.paint();
  }

  toScreen(at) {
    const { view, points } = this;
    return [((points.x[at] - view.x) * view.zoom + 0.5) * this.width, ((points.y[at] - view.y) * view.zoom + 0.5) * this.height];
  }

  toMap(x, y) {
    return [(x / this.width - 0.5) / this.view.zoom + this.view.x, (y / this.height - 0.5) / this.view.zoom + this.view.y];
  }

  paint() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.paintNow());
  }

  paintNow() {
    if (!this.points || !this.canvas.isConnected) return;
    const sharp = window.devicePixelRatio || 1;
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    if (!this.width) return;
    this.canvas.width = Math.round(this.width * sharp);
    this.canvas.height = Math.round(this.height * sharp);
    const pen = this.canvas.getContext("2d");
    pen.scale(sharp, sharp);
    const count = this.points.x.length;
    this.radius = Math.min(7, Math.max(1.8, (150 / Math.sqrt(count)) * this.view.zoom ** 0.4));
    const style = getComputedStyle(this.slot);
    for (const [colour, places] of this.tints(style.getPropertyValue("--st-border-color"))) {
      pen.fillStyle = colour;
      pen.beginPath();
      for (const at of places) {
        const [x, y] = this.toScreen(at);
        if (x < -9 || y < -9 || x > this.width + 9 || y > this.height + 9) continue;
        pen.moveTo(x + this.radius, y);
        pen.arc(x, y, this.radius, 0, 7);
      }
      pen.fill();
    }
    if (this.chosen !== null) this.ring(pen, style.getPropertyValue("--st-text-color"));
    this.name();
  }

  ring(pen, colour) {
    const [x, y] = this.toScreen(this.chosen);
    pen.strokeStyle = colour;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(x, y, this.radius + 3, 0, 7);
    pen.stroke();
  }

  // Names of groups, the largest first; one that would cover another is left out. Among few
  // points a name stands above its group, where it covers none of them.
  name() {
    const isSparse = this.points.x.length <= SPARSE;
    const taken = [];
    const shown = [];
    for (const { name, x, y, top: upper } of this.groups) {
      if (!name) continue;
      const left = ((x - this.view.x) * this.view.zoom + 0.5) * this.width;
      const middling = (((isSparse ? upper : y) - this.view.y) * this.view.zoom + 0.5) * this.height;
      const top = isSparse ? middling - this.radius - 14 : middling;
      const half = name.length * 3.6 + 8;
      const middle = Math.min(this.width - half, Math.max(half, left));
      const covers = taken.some(([one, two, wide]) => Math.abs(one - middle) < wide + half && Math.abs(two - top) < 22);
      if (covers || left < 0 || top < -20 || left > this.width || top > this.height) continue;
      taken.push([middle, top, half]);
      shown.push([name, Math.round(middle), Math.round(Math.min(this.height - 12, Math.max(12, top)))]);
    }
    update(this.labels, shown, () => shown.map(([name, left, top]) => {
      const label = make("span", {}, make("bdi", {}, name));
      Object.assign(label.style, { left: `${left}px`, top: `${top}px` });
      return label;
    }));
  }

  // --- pointer and keys ----------------------------------------------------

  listen() {
    const held = new Map(); // pointers that are down
    const place = (event) => {
      const box = this.canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const apart = () => {
      const [one, two] = [...held.values()];
      return Math.hypot(one[0] - two[0], one[1] - two[1]);
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      held.set(event.pointerId, place(event));
      this.travelled = held.size > 1 ? Infinity : 0;
    });
    this.canvas.addEventListener("pointermove", (event) => {
      const now = place(event);
      const before = held.get(event.pointerId);
      if (!before) return this.choose(this.nearest(...now));
      const wide = held.size === 2 ? apart() : 0;
      held.set(event.pointerId, now);
      if (wide) return this.zoom(apart() / wide, now);
      this.travelled += Math.hypot(now[0] - before[0], now[1] - before[1]);
      // Only now: a press must stay a press, and a captured pointer hovers over nothing else.
      if (this.travelled > 4 && this.view.zoom > 1) {
        this.canvas.setPointerCapture(event.pointerId);
        this.move((before[0] - now[0]) / this.width / this.view.zoom, (before[1] - now[1]) / this.height / this.view.zoom);
      }
      return undefined;
    });
    const up = (event) => held.delete(event.pointerId);
    this.canvas.addEventListener("pointerup", (event) => {
      up(event);
      const at = this.travelled <= 4 ? this.nearest(...place(event)) : null;
      if (at !== null) this.press(at);
    });
    this.canvas.addEventListener("pointercancel", up);
    this.canvas.addEventListener("pointerleave", (event) => { up(event); this.choose(null); });
    this.canvas.addEventListener("dblclick", (event) => this.zoom(1.8, place(event)));
    // A plain wheel scrolls the page; with Ctrl, which a pinch on a trackpad is too, it zooms.
    this.canvas.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / 120), place(event));
    }, { passive: false });
  }

  listenToKeys() {
    this.canvas.addEventListener("keydown", (event) => this.pressed(event));
    this.canvas.addEventListener("blur", () => this.choose(null));
  }

  press(at) {
    this.tip.hidden = true;
    this.open(at);
  }

  pressed(event) {
    const { key } = event;
    if (ARROWS[key]) this.choose(this.beside(...ARROWS[key]), true);
    else if ((key === "Enter" || key === " ") && this.chosen !== null) this.press(this.chosen);
    else if (key === "+" || key === "=") this.zoom(NEARER);
    else if (key === "-") this.zoom(1 / NEARER);
    else if (key === "0") this.whole();
    else return;
    event.preventDefault();
  }

  nearest(x, y) {
    let best = null;
    let least = Math.max(this.radius + 5, 10) ** 2;
    for (let at = 0; at < (this.points?.x.length ?? 0); at += 1) {
      const [left, top] = this.toScreen(at);
      const square = (left - x) ** 2 + (top - y) ** 2;
      if (square < least) [best, least] = [at, square];
    }
    return best;
  }

  // The nearest point within the quarter that the arrow shows to; at first the one in the middle.
  beside(right, down) {
    const [x, y] = this.chosen === null ? [this.width / 2, this.height / 2] : this.toScreen(this.chosen);
    let best = this.chosen;
    let least = Infinity;
    for (let at = 0; at < this.points.x.length; at += 1) {
      const [left, top] = this.toScreen(at);
      const ahead = (left - x) * right + (top - y) * down;
      const aside = Math.abs((left - x) * down) + Math.abs((top - y) * right);
      if (at === this.chosen || (this.chosen !== null && (ahead <= 0 || aside > ahead))) continue;
      const far = (left - x) ** 2 + (top - y) ** 2;
      if (far < least) [best, least] = [at, far];
    }
    return best;
  }

  choose(at, byKey = false) {
    if (at === this.chosen) return;
    this.chosen = at;
    this.canvas.style.cursor = at === null ? "" : "pointer";
    if (at !== null && byKey) this.show(at);
    this.tip.hidden = at === null;
    this.said.textContent = at !== null && byKey ? `${this.points.titles[at]}, ${this.points.sources[at]}` : "";
    if (at !== null) this.tell(at);
    this.paint();
  }

  // A point chosen by key is brought into the picture.
  show(at) {
    const [x, y] = this.toScreen(at);
    if (x < 0 || y < 0 || x > this.width || y > this.height) this.move(this.points.x[at] - this.view.x, this.points.y[at] - this.view.y);
  }

  tell(at) {
    this.tip.replaceChildren(
      make("p", { class: "title" }, make("bdi", {}, this.points.titles[at])),
      make("p", { class: "source" }, make("bdi", { dir: "ltr" }, this.points.sources[at])));
    const [x, y] = this.toScreen(at);
    const box = this.canvas.getBoundingClientRect();
    const tip = this.tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left + x - 20, innerWidth - tip.width - 8));
    const above = box.top + y - this.radius - tip.height - 10;
    Object.assign(this.tip.style, { left: `${left}px`, top: `${above > 8 ? above : box.top + y + this.radius + 10}px` });
  }

  end() {
    this.watch.disconnect();
    cancelAnimationFrame(this.frame);
  }
}
