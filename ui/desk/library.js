// The library page above its lists: the folders, the way to add one, and whether they are followed.

class LibraryView {
  constructor(root, act) {
    this.act = act;
    this.slots = {};
    for (const name of ["message", "folders", "browser", "follow"]) {
      this.slots[name] = make("section", { class: name });
      root.append(this.slots[name]);
    }
  }

  draw(data) {
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
      editable ? removing(folder.path, "Its articles leave the library; the files stay where they are.", this.act) : null));
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
}

// Asks once more, in place: removing is quick to do and slow to undo.
function removing(path, consequence, act) {
  const box = make("span", { class: "remove" });
  const ask = make("button", { type: "button", class: "plain", onclick: () => { box.replaceChildren(sure); sure.querySelector("button").focus(); } }, "Remove");
  const sure = make("span", {}, make("span", { class: "quiet" }, `Remove? ${consequence} `),
    make("button", { type: "button", class: "plain", onclick: () => act({ type: "remove", path }) }, "Yes, remove"),
    make("button", { type: "button", class: "plain", onclick: () => { box.replaceChildren(ask); ask.focus(); } }, "No"));
  box.append(ask);
  return box;
}

views.folders = LibraryView;
