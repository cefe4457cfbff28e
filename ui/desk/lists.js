// The lists of the library page, one at a time: files, stories with their copies, storage.

const FIND_PAUSE_MS = 300; // between the last key and the search for it

class ListsView {
  constructor(root, act) {
    this.act = act;
    this.tabs = make("div", { class: "tabs lists", role: "group", "aria-label": "What is listed" });
    this.tools = make("div", { class: "listTools" });
    this.list = make("section", { class: "files" });
    root.append(this.tabs, this.tools, this.list);
    this.find = make("input", { type: "search", "aria-label": "Find a file", placeholder: "Find a file…", spellcheck: "false", maxlength: "200",
      oninput: () => this.typed(), onkeydown: (event) => { if (event.key === "Enter") this.search(); } });
    this.sort = make("select", { "aria-label": "Sort files", onchange: () => act({ type: "sort", sort: this.sort.value }) });
    this.chips = make("div", { class: "chips", role: "group", "aria-label": "Show files by status" });
    this.fileTools = [make("div", { class: "row start" }, this.find, this.sort), this.chips];
    this.reader = new ReaderView(root, act);
  }

  draw(data) {
    update(this.tabs, data.tabs, (tabs) => tabs.map(([tab, label, active]) => make("button", {
      type: "button", class: "tab", "aria-pressed": String(active), onclick: () => this.act({ type: "tab", tab }),
    }, label)));
    this.drawTools(data);
    const { reader, ...shown } = data;
    update(this.list, shown, () => this[data.tab](data));
    this.reader.draw(reader);
  }

  // These stay while a list is drawn again: what is being typed is not taken away.
  drawTools(data) {
    const wanted = data.tab === "files" ? this.fileTools : [];
    if (this.tools.childElementCount !== wanted.length) this.tools.replaceChildren(...wanted);
    if (data.tab !== "files") return;
    this.tools.hidden = data.filters.length === 1 && !data.rows.length && !data.words;
    update(this.sort, data.sorts, (sorts) => sorts.map(([value, label]) => make("option", { value }, label)));
    this.sort.value = data.sort;
    if (!this.waiting && this.tools.getRootNode().activeElement !== this.find) this.find.value = data.words;
    update(this.chips, data.filters, (filters) => (filters.length < 3 ? [] : filters.map((item) => make("button", {
      type: "button", class: "chip", "aria-pressed": String(item.active), onclick: () => this.act({ type: "filter", status: item.status }),
    }, item.label))));
  }

  typed() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.search(), FIND_PAUSE_MS);
  }

  search() {
    clearTimeout(this.waiting);
    this.waiting = 0;
    this.act({ type: "find", words: this.find.value });
  }

  files({ rows, page, pages, nothing, editable, leftOut }) {
    const body = rows.map((row) => this.file(row, editable));
    const head = make("tr", {}, ...["File", "Status", "Size"].map((label) => make("th", { scope: "col" }, label)));
    return [
      nothing ? make("p", { class: "quiet" }, nothing) : make("table", {}, make("thead", {}, head), make("tbody", {}, ...body)),
      this.pager(page, pages),
      leftOut.length ? this.leftOut(leftOut, editable) : null,
    ];
  }

  // One row; what can be done with a file unfolds below its name.
  file(row, editable) {
    const name = make("bdi", {}, row.name);
    const title = row.readable
      ? make("button", { type: "button", class: "open", onclick: () => this.open(row.path, 0) }, name)
      : make("span", {}, name);
    const tools = make("div", { class: "row start" },
      editable && !row.readable ? make("button", { type: "button", class: "plain", onclick: (event) => { event.target.disabled = true; this.act({ type: "again", path: row.path }); } }, "Try again") : null,
      editable && row.removable ? removing(row.path, row.consequence, this.act) : null);
    const more = make("details", { class: "more" },
      make("summary", { "aria-label": `About ${row.name}` }, row.readable ? "details" : row.reason || row.label),
      make("p", { class: "about" }, make("bdi", {}, row.path)),
      make("p", { class: "about" }, row.changed ? `Changed ${row.changed}` : ""),
      row.advice ? make("p", { class: "about advice" }, row.advice) : null, tools);
    return make("tr", {},
      make("td", { class: "name", title: row.path }, make("div", {}, title, more)),
      make("td", { class: `status ${row.status}` }, row.label),
      make("td", { class: "size" }, row.size));
  }

  leftOut(paths, editable) {
    return make("details", { class: "takeback" }, make("summary", {}, `Left out by you (${paths.length})`),
      make("ul", { class: "rows" }, ...paths.map(([path, label]) => make("li", {},
        make("span", { class: "path", title: path }, make("bdi", {}, label)),
        editable ? make("button", { type: "button", class: "plain", onclick: () => this.act({ type: "takeback", path }) }, "Take back") : null))));
  }

  stories({ stories, total, page, pages }) {
    if (!stories.length) return [make("p", { class: "quiet" }, "No story is told by more than one article yet. Copies and versions of a story meet here.")];
    return [
      make("p", { class: "quiet" }, `${total} told by more than one article`),
      ...stories.map((story) => make("details", { class: "story" },
        make("summary", {}, make("bdi", { class: "title" }, story.title), make("span", { class: "state" }, ` ${story.count}`)),
        make("ul", { class: "rows" }, ...story.copies.map((copy) => make("li", {},
          make("button", { type: "button", class: "open", onclick: () => this.open(copy.path, copy.index) }, make("bdi", {}, copy.title)),
          make("span", { class: "source" }, make("bdi", { dir: "ltr" }, copy.source))))))),
      this.pager(page, pages),
    ];
  }

  storage({ storage, total, models, home, editable }) {
    const rows = storage.map((row) => {
      const bar = make("div", { class: "bar", "aria-hidden": "true" }, make("div", { class: "done" }));
      bar.firstChild.style.width = `${Math.max(1, Math.round(row.share * 100))}%`;
      return make("li", {}, make("div", { class: "what" }, row.label, row.note ? make("span", { class: "state" }, row.note) : null, bar),
        make("span", { class: "size" }, row.size));
    });
    const rebuild = make("button", { type: "button", class: "button", onclick: () => { rebuild.disabled = true; this.act({ type: "rebuild" }); } }, "Read everything again");
    return [
      make("ul", { class: "rows storage" }, ...rows),
      make("p", { class: "quiet" }, `${total} in all, in `, make("bdi", {}, home), ". ", models),
      editable ? make("h2", {}, "Rebuild") : null,
      editable ? make("p", { class: "quiet" }, "Reads every file again and makes its articles and its part of the search anew. Passages whose words stay the same keep their vectors, so nothing is computed twice. Saved answers stay. You can pause it, and ask meanwhile.") : null,
      editable ? rebuild : null,
    ];
  }

  open(path, index) {
    this.act({ type: "open", kind: "file", path, index });
  }

  pager(page, pages) {
    const step = (target, label) => make("button", { type: "button", class: "plain", disabled: target < 1 || target > pages, onclick: () => this.act({ type: "page", page: target }) }, label);
    if (pages < 2) return null;
    return make("div", { class: "row start" }, step(page - 1, "‹ Earlier"), make("span", { class: "quiet" }, `page ${page} of ${pages}`), step(page + 1, "Later ›"));
  }

  escape() {
    this.reader.close();
  }

  end() {
    clearTimeout(this.waiting);
    this.reader.hide();
  }
}

views.files = ListsView;
