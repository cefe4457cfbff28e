// The page of libraries: one row each, with its name to change, and a form for a new one.

class LibrariesView {
  constructor(root, act) {
    this.act = act;
    this.serial = 0;
    this.editing = null; // the key of the row whose name is being changed
    this.message = make("div");
    this.list = make("ul", { class: "rows libraries" });
    this.name = make("input", { type: "text", "aria-label": "Name of the new library", placeholder: "Harbour inquiry", spellcheck: "false" });
    const form = make("form", { class: "row start", onsubmit: (event) => { event.preventDefault(); act({ type: "create", name: this.name.value }); } },
      this.name, make("button", { type: "submit", class: "button main" }, "Create"));
    root.append(this.list, this.message, make("h2", {}, "New library"), form);
  }

  draw(data) {
    this.name.maxLength = data.longest * 2; // what is too long is told, not cut in silence
    if (data.serial !== this.serial) {
      this.serial = data.serial;
      this.editing = null;
      this.name.value = "";
    }
    this.data = data;
    update(this.message, data.trouble, (trouble) => [trouble ? make("p", { class: "trouble", role: "alert" }, trouble) : null]);
    this.rows();
  }

  rows() {
    update(this.list, [this.data.rows, this.editing], ([rows, editing]) => rows.map((row) =>
      (row.key === editing && row.named ? this.edited(row) : this.row(row))));
  }

  row(row) {
    return make("li", { "aria-current": row.open ? "true" : false },
      make("span", { class: "what", title: row.place }, make("bdi", { class: "title" }, row.name),
        make("span", { class: row.trouble ? "state trouble" : "state" }, row.state)),
      row.named ? make("button", { type: "button", class: "plain", "aria-label": `Rename ${row.name}`, onclick: () => this.edit(row.key) }, "Rename") : null,
      row.open ? make("span", { class: "state here" }, "open")
        : make("button", { type: "button", class: "plain", "aria-label": `Open ${row.name}`, onclick: () => this.act({ type: "open", key: row.key }) }, "Open"));
  }

  edited(row) {
    const field = make("input", { type: "text", "aria-label": `New name of ${row.name}`, spellcheck: "false", value: row.name });
    this.field = field;
    return make("li", {}, make("form", { class: "row start", onsubmit: (event) => { event.preventDefault(); this.act({ type: "rename", key: row.key, name: field.value }); } },
      field, make("button", { type: "submit", class: "plain" }, "Save"),
      make("button", { type: "button", class: "plain", onclick: () => this.edit(null) }, "Keep the name")));
  }

  edit(key) {
    this.editing = key;
    this.rows();
    if (key !== null) this.field?.select();
  }

  escape() {
    if (this.editing !== null) this.edit(null);
  }
}

views.libraries = LibrariesView;
