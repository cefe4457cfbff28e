// Around an answer: the earlier questions, what a follow-up was asked as, sources that have
// changed, what can be done with the answer, the field for a follow-up. And the saved answers.

class ThreadView {
  constructor(root, act, slots) {
    this.act = act;
    this.slots = {};
    for (const name of ["earlier", "asked", "warnings", "keep", "follow"]) {
      this.slots[name] = make("div", { class: name });
    }
    root.prepend(this.slots.earlier, this.slots.asked);
    slots.notes.after(this.slots.warnings, this.slots.keep, this.slots.follow);
  }

  draw(data) {
    const { earlier = [], asked = {}, warnings = [], keep = null } = data;
    update(this.slots.earlier, earlier, (turns) => turns.map((turn) => this.turn(turn)));
    update(this.slots.asked, [data.key, asked], () => this.asked(asked));
    update(this.slots.warnings, warnings, (list) => this.warnings(list));
    update(this.slots.keep, [data.key, keep], () => this.keep(keep));
    update(this.slots.follow, [data.key, Boolean(keep)], () => (keep ? [this.follow()] : []));
    if (data.download && data.download.serial !== this.downloaded) {
      this.downloaded = data.download.serial;
      save(data.download);
    }
  }

  turn({ id, question, claims, none }) {
    const open = make("button", {
      type: "button", class: "plain", onclick: () => this.act({ type: "answer", id }),
    }, "Open with its sources");
    return make("details", {},
      make("summary", {}, question),
      ...claims.map((text) => make("p", { class: "words" }, text)),
      none ? make("p", { class: "quiet" }, none) : null,
      open);
  }

  asked({ typed, whole, edit }) {
    if (!typed) return [];
    const line = make("p", { class: "as" },
      whole ? make("span", {}, "Asked as: ") : null,
      whole ? make("span", { class: "whole" }, whole) : null,
      make("button", { type: "button", class: "plain", onclick: () => show(true) }, "Edit"));
    const field = make("input", { type: "text", value: edit, "aria-label": "The whole question", maxlength: "2000" });
    const form = make("form", { class: "edit", hidden: true, onsubmit: (event) => {
      event.preventDefault();
      if (field.value.trim()) this.act({ type: "reask", text: field.value.trim() });
    } }, field,
    make("button", { type: "submit", class: "button main" }, "Ask"),
    make("button", { type: "button", class: "plain", onclick: () => show(false) }, "Cancel"));
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.stopPropagation(); show(false); }
    });
    const show = (editing) => {
      form.hidden = !editing;
      line.hidden = editing;
      if (editing) { field.focus(); field.select(); }
    };
    return [make("h2", {}, typed), line, form];
  }

  warnings(list) {
    return list.map(({ number, source, note }) => make("p", {},
      make("button", {
        type: "button", class: "plain", onclick: () => this.act({ type: "open", kind: "citation", index: number }),
      }, `${number} · `, make("bdi", { dir: "ltr" }, source)), " ", note));
  }

  keep(keep) {
    if (!keep) return [];
    const copy = make("button", { type: "button", class: "plain", onclick: () => copyText(keep.copy, copy) }, "Copy with citations");
    const forms = [["md", "Markdown"], ["html", "HTML"], ["json", "JSON"]].map(([form, label]) =>
      make("button", { type: "button", class: "plain", onclick: () => this.act({ type: "export", form }) }, label));
    const again = keep.again.length ? menu("Answer again", keep.again.map(([way, label]) =>
      make("button", { type: "button", class: "plain", onclick: () => this.act({ type: "again", way }) }, label))) : null;
    return [copy, make("span", { class: "forms" }, "Download: ", ...forms), again];
  }

  follow() {
    const field = make("input", {
      type: "text", placeholder: "Ask a follow-up…", "aria-label": "Ask a follow-up", maxlength: "2000",
    });
    const button = make("button", { type: "submit", class: "button" }, "Ask");
    return make("form", { onsubmit: (event) => {
      event.preventDefault();
      if (!field.value.trim()) return;
      button.disabled = true;
      this.act({ type: "follow", text: field.value.trim() });
      setTimeout(() => { button.disabled = false; }, 4000); // should nothing come of it
    } }, field, button);
  }
}

// A file made here, for the browser to keep: nothing is fetched.
function save({ name, type, text }) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = make("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

class SavedView {
  constructor(root, act) {
    this.act = act;
    this.undo = make("div", { class: "undo", "aria-live": "polite" });
    this.list = make("div", {});
    root.append(this.undo, this.list);
  }

  draw({ rows, empty, deleted }) {
    update(this.undo, deleted, (question) => (question ? [make("p", {}, "Deleted ", make("span", { class: "words" }, quoted(question)), " ",
      make("button", { type: "button", class: "plain", onclick: () => this.act({ type: "undo" }) }, "Undo"))] : []));
    update(this.list, [rows, empty], () => [
      empty ? make("p", { class: "quiet" }, empty) : null,
      rows.length ? make("ul", { class: "rows" }, ...rows.map((row) => this.row(row))) : null,
    ]);
  }

  row({ id, question, details, follows }) {
    return make("li", { class: follows ? "follows" : null },
      make("button", { type: "button", class: "open", onclick: () => this.act({ type: "open", id }) }, make("bdi", {}, question)),
      make("span", { class: "source" }, details),
      make("button", { type: "button", class: "plain remove", "aria-label": `Delete: ${question}`, onclick: () => this.act({ type: "delete", id }) }, "Delete"));
  }
}

views.saved = SavedView;
