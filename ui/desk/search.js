// The search page: the field, filters, counts over time, results, and the reader.

const TYPING_PAUSE_MS = 180; // after a key, before what is typed so far is searched for
const NAMES_SHOWN = 12; // of a filter's names; the others are folded, and found by their letters
const SEARCH_SORTS = [["relevance", "Best first"], ["date", "Newest first"], ["oldest", "Oldest first"]];
const SEARCH_FILTERS = [["dates", "Any date"], ["outlets", "All outlets"], ["folders", "All folders"], ["languages", "All languages"]];
const SEARCH_FIELDS = { outlets: "outlet", languages: "language", folders: "folders" };

class SearchView {
  constructor(root, act) {
    this.act = act;
    this.serial = 0; // of the newest words that were sent
    this.panel = null; // the filter that was unfolded, "" for none; null until one was pressed
    this.form();
    this.slots = {};
    for (const name of ["message", "filterbar", "unfolded", "found", "timeline", "results"]) {
      this.slots[name] = make("div", { class: name });
      root.append(this.slots[name]);
    }
    this.slots.found.setAttribute("role", "status");
    this.dates = make("div", { hidden: true });
    [this.finder, this.picks] = [make("div", {}), make("div", {})];
    this.names = make("div", {}, this.finder, this.picks);
    this.slots.unfolded.append(this.dates, this.names);
    const range = (from, to) => this.filter("dates", { after: from, before: to });
    this.library = new TimeChart(this.dates, range);
    this.time = new TimeChart(this.slots.timeline, range);
    root.prepend(this.head);
    this.reader = new ReaderView(root, act);
  }

  form() {
    this.field = make("input", { type: "search", "aria-label": "Search your articles", placeholder: "Search your articles…", maxlength: "2000", autocomplete: "off", spellcheck: "false" });
    this.field.addEventListener("input", () => {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.send(true), TYPING_PAUSE_MS);
    });
    this.head = make("form", { class: "searchform", role: "search", onsubmit: (event) => { event.preventDefault(); this.send(false); } },
      this.field, make("button", { type: "submit", class: "button main" }, "Search"));
  }

  send(typing) {
    clearTimeout(this.pause);
    const words = this.field.value;
    if (typing && words === this.sent) return;
    this.sent = words;
    this.serial += 1;
    this.head.classList.add("waiting");
    this.act({ type: "words", words, typing, serial: this.serial });
  }

  // Answers to older words than the newest are dropped: theirs is still to come.
  draw(data) {
    if (this.home !== data.home) this.first(data);
    if (data.serial !== this.serial) return;
    this.head.classList.remove("waiting");
    this.data = data;
    if (data.words !== this.sent) this.put(data.words); // the browser's Back or Forward
    const { slots } = this;
    update(slots.message, data.message, (message) => [message ? make("p", { class: "trouble", role: "alert" }, message) : null]);
    update(slots.filterbar, [data.dates, data.outlets, data.folders, data.languages, data.limits, data.taken, data.sort, data.everything, data.words, data.active, this.unfolded], () => this.bar());
    this.unfold();
    update(slots.found, [data.count, data.note, data.mentions, data.everything], () => this.found());
    slots.timeline.hidden = !data.timeline;
    if (data.timeline) this.time.draw(data.timeline);
    update(slots.results, [data.results, data.more, data.examples, data.words, data.everything, data.active], () => this.list());
    this.reader.draw(data.reader);
    this.mark();
  }

  // In this library.
  first(data) {
    this.home = data.home;
    this.panel = null;
    this.serial = data.serial;
    this.put(data.words);
    if (!data.reader) this.field.focus();
  }

  put(words) {
    clearTimeout(this.pause);
    this.sent = words;
    this.field.value = words;
  }

  filter(name, more) {
    this.act({ type: "filter", name, ...more });
  }

  // What is chosen in a filter, in words; "" where nothing is.
  chosen(name) {
    const { data } = this;
    if (name === "dates") return data.dates === "any date" ? "" : data.dates;
    const labels = data[name].filter(({ active }) => active).map(({ label }) => label);
    return labels.length > 2 ? `${labels.length} folders` : labels.join(", ");
  }

  bar() {
    const { data } = this;
    const chips = SEARCH_FILTERS.flatMap(([name, all]) => {
      const chosen = this.chosen(name);
      // A choice between one thing is none.
      if (name !== "dates" && data[name].length < 2 && !chosen) return [];
      const chip = make("button", { type: "button", class: "chip", "aria-expanded": String(this.unfolded === name), "aria-pressed": String(Boolean(chosen)), onclick: () => this.turn(name) }, make("bdi", {}, chosen || all), make("span", { "aria-hidden": "true" }, " ▾"));
      const clear = chosen ? make("button", { type: "button", class: "plain clear", "aria-label": `${all}: clear this filter`, onclick: () => this.clear(name) }, "✕") : null;
      return [make("span", { class: "filterchip" }, chip, clear)];
    });
    // Limits that an address brought: they can only be taken away.
    const limit = (label, away) => make("span", { class: "filterchip" },
      make("span", { class: "chip limit", title: label }, make("bdi", {}, label)),
      make("button", { type: "button", class: "plain clear", "aria-label": `${label}: clear this filter`, onclick: away }, "✕"));
    const limits = data.limits.map(({ field, value, label }) => limit(label, () => this.filter(field, { value })));
    // Words of the search that were taken as dates; without it they are words like others.
    const taken = data.taken ? limit(data.taken, () => this.act({ type: "literal" })) : null;
    const asked = Boolean(data.words.trim());
    // Without words articles come by date alone.
    const orders = SEARCH_SORTS.filter(([value]) => asked || value !== "relevance");
    const option = ([value, label]) => make("option", { value, selected: value === data.sort }, label);
    const sort = make("select", { "aria-label": "Order", onchange: (event) => this.act({ type: "sort", value: event.target.value }) }, ...orders.map(option));
    const kind = (on, label) => make("button", { type: "button", class: "tab", "aria-pressed": String(data.everything === on), onclick: () => this.act({ type: "everything", on }) }, label);
    return [
      make("div", { class: "chips" }, ...chips, ...limits, taken),
      asked || data.active ? make("div", { class: "row order" },
        asked ? make("div", { class: "tabs", role: "group", "aria-label": "Show" }, kind(false, "Best passages"), kind(true, "All mentions")) : make("span"), sort) : null,
    ];
  }

  // Before there are words, the dates of the library are a picture to begin with.
  get unfolded() {
    return this.panel ?? (this.data.words.trim() ? "" : "dates");
  }

  turn(name) {
    this.panel = this.unfolded === name ? "" : name;
    this.draw(this.data);
  }

  clear(name) {
    if (name === "dates") this.filter(name, { after: null, before: null });
    else this.filter(SEARCH_FIELDS[name], { value: "" });
  }

  // The unfolded filter: dates as bars with a range, the others as names with counts.
  unfold() {
    const { unfolded: panel, data } = this;
    this.slots.unfolded.hidden = !panel;
    this.dates.hidden = panel !== "dates";
    this.names.hidden = panel === "dates";
    if (panel === "dates") this.library.draw(data.library);
    else if (panel) {
      update(this.finder, [panel, data.names[panel] > NAMES_SHOWN], () => this.find(panel));
      update(this.picks, [panel, data[panel]], () => this.choice(panel));
    }
  }

  // A field that finds names by their letters; Python looks through all of them.
  find(panel) {
    const count = this.data.names[panel] ?? 0;
    if (count <= NAMES_SHOWN) return [];
    const field = make("input", { type: "search", class: "finder", value: this.data.finding[panel] ?? "", "aria-label": "Find a name", placeholder: `Find among ${count.toLocaleString("en")}…`, maxlength: "200", autocomplete: "off", spellcheck: "false" });
    field.addEventListener("input", () => {
      clearTimeout(this.finding);
      this.finding = setTimeout(() => this.act({ type: "find", name: panel, letters: field.value }), TYPING_PAUSE_MS);
    });
    return [field];
  }

  choice(panel) {
    const { data } = this;
    const letters = data.finding[panel];
    if (!data[panel].length) return [make("p", { class: "quiet" }, "No name has these letters.")];
    // What was looked for is shown whole.
    return countList(data[panel], (value) => this.filter(SEARCH_FIELDS[panel], { value }), letters ? data[panel].length : NAMES_SHOWN);
  }

  found() {
    const { data } = this;
    if (!data.count) return [];
    const all = !data.everything && data.mentions
      ? make("button", { type: "button", class: "plain", onclick: () => this.act({ type: "everything", on: true }) }, "Show all") : null;
    return [make("p", { class: "count-line" }, make("span", {}, data.count), all), data.note ? make("p", { class: "quiet" }, data.note) : null];
  }

  list() {
    const { data } = this;
    if (!data.words.trim() && !data.active) return this.empty();
    if (!data.results.length) return this.nothing();
    const cards = data.results.map((result) => make("li", {}, make("button", { type: "button", class: "card hit", onclick: () => this.open(result.key) },
      make("span", { class: "source" }, make("bdi", { dir: "ltr" }, result.source), result.also ? make("span", {}, result.also) : null),
      make("bdi", { class: "title" }, ...result.title.map(searchPart)),
      make("bdi", { class: "words" }, ...result.text.map(searchPart)))));
    const more = data.more ? make("button", { type: "button", class: "button", onclick: (event) => { event.target.disabled = true; this.act({ type: "more_results" }); } }, "Show more") : null;
    return [make("ol", { class: "hits", "aria-label": "Results" }, ...cards), more];
  }

  empty() {
    const { examples } = this.data;
    const example = (words) => make("li", {}, make("button", { type: "button", class: "plain", onclick: () => this.search(words) }, make("bdi", {}, words)));
    return [
      make("p", { class: "quiet" }, "Results appear while you type. Words in quotation marks are found together, in that order."),
      examples.length ? make("p", { class: "quiet" }, "Names that your articles repeat:") : null,
      examples.length ? make("ul", { class: "examples" }, ...examples.map(example)) : null,
    ];
  }

  nothing() {
    const { data } = this;
    const clear = data.active ? make("button", { type: "button", class: "button", onclick: () => this.filter("all", {}) }, "Search without filters") : null;
    const best = data.everything ? make("button", { type: "button", class: "button", onclick: () => this.act({ type: "everything", on: false }) }, "Show the best passages") : null;
    const words = data.active ? "Nothing within these filters." : "Nothing in your articles has these words. Fewer words, or other ones, may find more.";
    return [make("p", { class: "quiet" }, words), make("div", { class: "row start" }, clear, best)];
  }

  search(words) {
    this.field.value = words;
    this.send(false);
    this.field.focus();
  }

  // Arrows go through the results; from the field, down to the first one.
  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const target = event.composedPath()[0];
    const cards = [...this.slots.results.querySelectorAll(".card.hit")];
    const place = cards.indexOf(target);
    if (!step || !cards.length || (place < 0 && target !== this.field)) return;
    event.preventDefault();
    if (target === this.field) { if (step > 0) cards[0].focus(); }
    else if (place + step < 0) this.field.focus();
    else cards[place + step]?.focus();
  }

  // By its place, not its number: newer results may be on their way.
  open(key) {
    this.opened = key;
    this.act({ type: "open", kind: "hit", key });
  }

  // The card whose place the reader shows.
  mark() {
    this.slots.results.querySelectorAll(".card.hit").forEach((card, index) => {
      if (this.reader.open && this.data.results[index].key === this.opened) card.setAttribute("aria-current", "true");
      else card.removeAttribute("aria-current");
    });
  }

  focusField() {
    this.field.focus();
    this.field.select();
  }

  escape() {
    this.reader.close();
    this.mark();
  }

  end() {
    clearTimeout(this.pause);
    clearTimeout(this.finding);
    this.reader.hide();
  }
}

function searchPart([text, kind]) {
  if (!kind) return document.createTextNode(text);
  return kind === "hit" ? make("mark", { class: "hit" }, text) : make("span", { class: "cut" }, text);
}

views.search = SearchView;
