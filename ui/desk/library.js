// The library page: counts and job, then folders, the folder browser and the files.

class JobView {
  constructor(root, act) {
    this.act = act;
    this.counts = make("div", { class: "counts" });
    this.job = make("div", { class: "job", "aria-live": "polite" });
    root.append(this.counts, this.job);
  }

  draw(data) {
    update(this.counts, data.counts, (counts) => counts.map(([value, label]) =>
      make("div", { class: "count" }, make("strong", {}, value), make("span", {}, label))));
    update(this.job, data.job, (job) => this.progress(job));
  }

  progress(job) {
    if (!job) return [];
    const percent = Math.round(job.share * 100);
    const bar = make("div", { class: "bar", role: "progressbar", "aria-label": job.title, "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": String(percent) }, make("div", { class: "done" }));
    bar.firstChild.style.width = `${percent}%`;
    const cancel = make("button", { type: "button", class: "plain", onclick: () => { cancel.disabled = true; this.act({ type: "cancel" }); } }, "Cancel");
    return [
      job.running ? bar : null,
      make("div", { class: "row" },
        make("span", { class: job.trouble ? "trouble" : "" }, make("strong", {}, job.title), job.detail ? ` · ${job.detail}` : ""),
        job.running ? cancel : null),
    ];
  }
}

class LibraryView {
  constructor(root, act) {
    this.act = act;
    this.slots = {};
    for (const name of ["message", "folders", "browser", "follow", "files"]) {
      this.slots[name] = make("section", { class: name });
      root.append(this.slots[name]);
    }
  }

  // Two views share this class: "folders" above the place to drop files, "files" below it.

  draw(data) {
    if (data.view === "files") {
      update(this.slots.files, [data.filters, data.rows, data.page, data.pages], () => this.files(data));
      return;
    }
    update(this.slots.message, data.message, (message) => [message ? make("p", { class: "trouble", role: "alert" }, message) : null]);
    update(this.slots.folders, [data.folders, data.editable, Boolean(data.browser)], () => this.folders(data));
    update(this.slots.follow, data.editable && data.folders.length ? [data.follows, data.looked] : null, (shown) => (shown ? [this.follow(...shown)] : []));
    update(this.slots.browser, data.browser, (browser) => (browser ? this.browser(browser) : []));
  }

  folders({ folders, editable, browser }) {
    const rows = folders.map((folder) => make("li", {},
      make("span", { class: "path", title: folder.path }, make("bdi", {}, folder.label)),
      make("span", { class: folder.trouble ? "state trouble" : "state" }, folder.state),
      folder.options ? make("span", { class: "state" }, make("bdi", {}, folder.options)) : null,
      editable && folder.isFolder ? this.options(folder) : null,
      editable ? this.remove(folder.path, "its articles leave the library; the files stay where they are") : null));
    const buttons = make("div", { class: "row start" },
      make("button", { type: "button", class: "button", onclick: () => this.act({ type: "browse" }) }, browser ? "Close the folder list" : "Add a folder"),
      folders.length ? make("button", { type: "button", class: "plain", onclick: () => this.act({ type: "sync" }) }, "Look for changes now") : null);
    return [
      make("h2", {}, "Folders"),
      folders.length ? make("ul", { class: "rows" }, ...rows) : make("p", { class: "quiet" }, "No folder yet. Sourcebook reads articles where they are (text, web pages, PDFs, mails, documents, dumps); nothing is moved or sent."),
      editable ? buttons : null,
    ];
  }

  // What is left out in a folder, and whether pictures of pages are read.
  options({ path, exclude, ocr }) {
    const globs = make("textarea", { rows: "2", spellcheck: "false", placeholder: "drafts/**" }, exclude);
    const pictures = make("input", { type: "checkbox", checked: ocr });
    const save = make("button", { type: "button", class: "plain", onclick: () => { save.disabled = true; this.act({ type: "options", path, exclude: globs.value, ocr: pictures.checked }); } }, "Save and read again");
    return make("details", { class: "choices" }, make("summary", {}, "Options"),
      make("label", { class: "globs" }, "Leave out files and folders like these, one a line", globs),
      make("label", {}, pictures, " Read pictures of pages in PDFs (needs Tesseract on this computer)"), save);
  }

  follow(follows, looked) {
    const choice = make("input", { type: "checkbox", role: "switch", checked: follows, onchange: () => this.act({ type: "follow", on: choice.checked }) });
    return make("div", { class: "row start state" }, make("label", {}, choice, " Follow changes"), make("span", { class: "looked" }, looked));
  }

  // Asks once more, in place: removing is quick to do and slow to undo.
  remove(path, consequence) {
    const box = make("span", { class: "remove" });
    const ask = make("button", { type: "button", class: "plain", onclick: () => box.replaceChildren(sure) }, "Remove");
    const sure = make("span", {}, make("span", { class: "quiet" }, `Remove? ${consequence} `),
      make("button", { type: "button", class: "plain", onclick: () => this.act({ type: "remove", path }) }, "Yes, remove"),
      make("button", { type: "button", class: "plain", onclick: () => box.replaceChildren(ask) }, "No"));
    box.append(ask);
    return box;
  }

  browser({ path, up, entries, message }) {
    const go = (target) => this.act({ type: "enter", path: target });
    const field = make("input", { type: "text", "aria-label": "Folder", spellcheck: "false", value: path,
      onkeydown: (event) => { if (event.key === "Enter") go(field.value); } });
    const list = entries.map(([name, target]) => make("li", {},
      make("button", { type: "button", class: "folder", onclick: () => go(target) }, make("bdi", {}, name))));
    return [
      make("div", { class: "row start" }, field,
        make("button", { type: "button", class: "button main", onclick: () => this.act({ type: "add", path: field.value }) }, "Add this folder")),
      message ? make("p", { class: "trouble", role: "alert" }, message) : null,
      make("ul", { class: "tree" },
        up ? make("li", {}, make("button", { type: "button", class: "folder up", onclick: () => go(up) }, "↑ One folder up")) : null,
        ...list,
        entries.length ? null : make("li", { class: "quiet" }, "No folders in here.")),
    ];
  }

  name(row) {
    const name = make("bdi", {}, row.name);
    if (!row.readable) return name;
    return make("button", { type: "button", class: "open", onclick: () => this.act({ type: "open", kind: "file", path: row.path, index: 0 }) }, name);
  }

  files({ filters, rows, page, pages }) {
    if (filters.length === 1 && !rows.length) return [];
    const chips = filters.map((item) => make("button", {
      type: "button", class: "chip", "aria-pressed": String(item.active), onclick: () => this.act({ type: "filter", status: item.status }),
    }, item.label));
    const body = rows.map((row) => make("tr", {},
      make("td", { class: "name", title: row.path }, this.name(row)),
      make("td", { class: `status ${row.status}` }, row.label),
      make("td", { class: "reason" }, row.reason),
      make("td", { class: "size" }, row.size),
      make("td", { class: "tool" }, row.dropped ? this.remove(row.path, "the copy in the app is deleted") : null)));
    const head = make("tr", {}, ...["File", "Status", "Reason", "Size", ""].map((label) => make("th", { scope: "col" }, label)));
    const step = (target, label) => make("button", { type: "button", class: "plain", disabled: target < 1 || target > pages, onclick: () => this.act({ type: "page", page: target }) }, label);
    return [
      make("h2", {}, "Files"),
      filters.length < 3 ? null : make("div", { class: "chips", role: "group", "aria-label": "Show files by status" }, ...chips),
      make("div", { class: "scroll" }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...body))),
      pages > 1 ? make("div", { class: "row start" }, step(page - 1, "‹ Earlier"), make("span", { class: "quiet" }, `page ${page} of ${pages}`), step(page + 1, "Later ›")) : null,
    ];
  }
}

// The files, and the reader for one of them.
class FilesView {
  constructor(root, act) {
    this.library = new LibraryView(root, act);
    this.reader = new ReaderView(root, act);
  }

  draw(data) {
    this.library.draw(data);
    this.reader.draw(data.reader);
  }

  escape() {
    this.reader.close();
  }

  end() {
    this.reader.hide();
  }
}

views.job = JobView;
views.folders = LibraryView;
views.files = FilesView;
