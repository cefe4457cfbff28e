// The map: articles as points in named groups, coloured by outlet, month or group, and the same
// as a table.

const PALETTE = ["#1d7f93", "#c2631a", "#8a5fc0", "#4a8a3a", "#c8493f", "#3f77c8", "#b8558f", "#8c6d3b"];
const NO_COLOUR = "#837d72"; // all of these keep 3:1 to the paper, in light and in dark
const EARLY_TO_LATE = [[63, 119, 200], [138, 95, 192], [184, 85, 143], [194, 99, 26]];
const ROWS_A_PAGE = 50;

// From the first colour of EARLY_TO_LATE to the last; share 0..1.
function timeColour(share) {
  const place = Math.min(share * (EARLY_TO_LATE.length - 1), EARLY_TO_LATE.length - 1.001);
  const [from, to] = [EARLY_TO_LATE[Math.floor(place)], EARLY_TO_LATE[Math.floor(place) + 1]];
  return `rgb(${from.map((part, at) => Math.round(part + (to[at] - part) * (place % 1))).join(" ")})`;
}

class MapView {
  constructor(root, act) {
    this.act = act;
    this.root = root;
    this.colour = "outlet";
    this.only = null; // the one outlet or group that is told apart
    this.page = 0;
    this.slots = {};
    for (const name of ["maphead", "message", "plane", "legend", "maptable"]) {
      this.slots[name] = make("div", { class: name });
      root.append(this.slots[name]);
    }
    this.plane = new Plane(this.slots.plane, (at) => this.open(at));
    this.hint = make("p", { class: "quiet hint", id: "maphint" }, "Near one another: told in like words. Drag to move, pinch or + and − to zoom. With the keyboard: arrows go from article to article, Enter opens, 0 shows the whole map.");
    this.slots.legend.after(this.hint);
  }

  draw(data) {
    this.data = data;
    const ready = data.state === "ready";
    update(this.slots.message, [data.message, data.state], ([message, state]) => [
      message ? make("p", { class: state === "trouble" ? "trouble" : "quiet", role: "status" }, message) : null,
      state === "making" ? make("div", { class: "bar moving" }, make("div", { class: "done" })) : null]);
    for (const part of [this.slots.maphead, this.slots.plane, this.slots.legend, this.slots.maptable, this.hint]) part.hidden = !ready;
    if (!ready) return;
    if (this.mapKey !== data.key) [this.mapKey, this.only, this.page] = [data.key, null, 0];
    this.points = data.points;
    this.refresh();
  }

  // Everything that follows from what is chosen on the page.
  refresh() {
    const { isTable, colour, only, page } = this;
    update(this.slots.maphead, [this.data.words, colour, isTable], () => this.head());
    for (const part of [this.slots.plane, this.slots.legend, this.hint]) part.hidden = Boolean(isTable);
    update(this.slots.legend, [this.mapKey, colour, only], () => this.legend());
    update(this.slots.maptable, isTable ? [this.mapKey, page] : null, (shown) => (shown ? this.table() : []));
    if (!isTable) this.plane.draw({ ...this.data, label: `Map of ${this.data.words}` }, (pale) => this.byColour(pale));
  }

  head() {
    const choice = (value, label) => make("button", {
      type: "button", class: "chip", "aria-pressed": String(this.colour === value),
      onclick: () => { this.colour = value; this.only = null; this.refresh(); },
    }, label);
    const zoom = (label, sign, factor) => make("button", { type: "button", class: "button zoom", "aria-label": label, onclick: () => (factor ? this.plane.zoom(factor) : this.plane.whole()) }, sign);
    return [
      make("p", { class: "quiet" }, this.data.words),
      make("div", { class: "row start" },
        this.isTable ? null : make("div", { class: "chips", role: "group", "aria-label": "Colour by" }, make("span", { class: "quiet" }, "Colour by "), choice("outlet", "outlet"), choice("month", "month"), choice("group", "group")),
        this.isTable ? null : make("div", { class: "zooms", role: "group", "aria-label": "Zoom" }, zoom("Nearer", "+", NEARER), zoom("Farther", "−", 1 / NEARER), zoom("The whole map", "⤢", 0)),
        make("button", { type: "button", class: "plain swap", onclick: () => { this.isTable = !this.isTable; this.refresh(); } }, this.isTable ? "As a picture" : "As a table"))];
  }

  legend() {
    const { months, outlets, groups, undated, other } = this.data;
    if (this.colour === "month") {
      if (!months.length) return [make("p", { class: "quiet" }, "No article has a date.")];
      const ramp = make("span", { class: "ramp", "aria-hidden": "true" });
      ramp.style.background = `linear-gradient(to right, ${[0, 1, 2, 3].map((at) => timeColour(at / 3)).join(", ")})`;
      return [make("p", { class: "row start quiet" }, months[0], ramp, months[months.length - 1], undated ? this.dot(NO_COLOUR) : null, undated)];
    }
    const rows = this.colour === "outlet" ? outlets.slice(0, PALETTE.length) : groups.map(({ name, count }) => [name, count]);
    const keys = rows.map(([name, count], place) => make("button", {
      type: "button", class: "chip", "aria-pressed": String(this.only === place),
      onclick: () => { this.only = this.only === place ? null : place; this.refresh(); },
    }, this.dot(this.tint(place)), make("bdi", {}, name), ` ${count.toLocaleString("en")}`));
    const rest = this.colour === "outlet" && other ? make("span", { class: "quiet" }, this.dot(NO_COLOUR), other) : null;
    return [make("div", { class: "chips", role: "group", "aria-label": "Show apart" }, ...keys, rest)];
  }

  dot(colour) {
    const dot = make("span", { class: "dotkey", "aria-hidden": "true" });
    dot.style.background = colour;
    return dot;
  }

  // Beyond the palette, colours come again: the names tell the groups apart.
  tint(place) {
    return PALETTE[place % PALETTE.length];
  }

  table() {
    const { groups } = this.data;
    const { titles, sources, group } = this.points;
    const order = titles.map((_, at) => at).sort((one, two) => group[one] - group[two] || one - two);
    const pages = Math.max(1, Math.ceil(order.length / ROWS_A_PAGE));
    const rows = order.slice(this.page * ROWS_A_PAGE, (this.page + 1) * ROWS_A_PAGE).map((at) => make("tr", {},
      make("td", { class: "name" }, make("button", { type: "button", class: "open", onclick: () => this.open(at) }, make("bdi", {}, titles[at]))),
      make("td", { class: "source" }, make("bdi", { dir: "ltr" }, sources[at])),
      make("td", { class: "source" }, make("bdi", {}, groups[group[at]]?.name ?? ""))));
    const step = (by, label) => make("button", { type: "button", class: "plain", disabled: this.page + by < 0 || this.page + by >= pages, onclick: () => { this.page += by; this.refresh(); } }, label);
    const heads = ["Article", "Source", "Group"].map((label) => make("th", { scope: "col" }, label));
    return [
      make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Articles by group" }, make("table", {}, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows))),
      pages > 1 ? make("div", { class: "row start" }, step(-1, "‹ Earlier"), make("span", { class: "quiet" }, `page ${this.page + 1} of ${pages}`), step(1, "Later ›")) : null];
  }

  // Colours with the points that have them; those that are not told apart come first, below.
  byColour(pale) {
    const { outlet, month, group } = this.points;
    const last = Math.max(1, this.data.months.length - 1);
    const found = new Map([[pale, []], [NO_COLOUR, []]]);
    for (let at = 0; at < group.length; at += 1) {
      const number = this.colour === "outlet" ? outlet[at] : group[at];
      let colour = number < 0 || number >= (this.colour === "outlet" ? PALETTE.length : Infinity) ? NO_COLOUR : this.tint(number);
      if (this.colour === "month") colour = month[at] < 0 ? NO_COLOUR : timeColour(month[at] / last);
      else if (this.only !== null && number !== this.only) colour = pale;
      if (!found.has(colour)) found.set(colour, []);
      found.get(colour).push(at);
    }
    return found;
  }

  open(at) {
    this.act({ type: "open", index: at, key: this.mapKey });
  }

  end() {
    this.plane.end();
  }
}

views.map = MapView;
