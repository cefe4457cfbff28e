// The row below the question: what it is limited to as chips, a panel with what else it could be
// limited to, and the way of answering.

class ChoicesView {
  constructor(root, act) {
    this.act = act;
    this.chips = make("div", { class: "limits" });
    this.right = make("div", { class: "how" });
    this.panel = make("section", { class: "panel", "aria-label": "Limit the question" });
    root.append(make("div", { class: "bar-of-choices" }, this.chips, this.right), this.panel);
  }

  draw(data) {
    update(this.chips, [data.chips, data.offered, data.open], () => this.limits(data));
    update(this.right, [data.ways, data.way, data.demo], () => this.how(data));
    update(this.panel, [data.open, data.suggestions, data.dates, data.trouble], () => (data.open ? this.suggestions(data) : []));
  }

  limits({ chips, offered, open }) {
    const made = chips.map(({ field, value, label }) => make("button", {
      type: "button", class: "chip limit", "aria-label": `Remove the limit: ${label}`, title: label,
      onclick: () => this.act({ type: "remove", field, value }),
    }, make("bdi", {}, label), make("span", { class: "cross", "aria-hidden": "true" }, "✕")));
    const add = make("button", {
      type: "button", class: "plain add", "aria-expanded": String(open),
      onclick: () => this.act({ type: "panel", open: !open }),
    }, chips.length ? "Limit further" : "All articles · any date");
    const offer = offered ? make("button", {
      type: "button", class: "plain", onclick: () => this.act({ type: "offered" }),
    }, offered) : null;
    return [...made, add, offer];
  }

  how({ ways, way, demo }) {
    const select = make("select", { "aria-label": "Way of answering", onchange: () => this.act({ type: "way", value: select.value }) },
      ...ways.map(([value, label]) => make("option", { value, selected: value === way }, label)));
    return [select, demo ? make("span", { class: "badge" }, demo) : null];
  }

  suggestions({ suggestions, dates, trouble }) {
    const { outlets, languages, folders, span, undated } = suggestions;
    const from = this.date("From", dates[0]);
    const to = this.date("To", dates[1]);
    const form = make("form", { class: "dates", onsubmit: (event) => {
      event.preventDefault();
      this.act({ type: "dates", after: from.value, before: to.value });
    } }, make("h3", {}, "Date"), make("div", { class: "row start" }, from, make("span", {}, "to"), to,
      make("button", { type: "submit", class: "button" }, "Set")),
    span ? make("p", { class: "quiet" }, `The articles are from ${span}.${undated ? ` ${undated} without a date.` : ""}`) : null,
    trouble ? make("p", { class: "trouble", role: "alert" }, trouble) : null);
    return [
      this.kind("Outlet", "outlet", outlets),
      this.kind("Folder", "folders", folders),
      languages.length > 1 ? this.kind("Language", "language", languages) : null,
      form,
      make("button", { type: "button", class: "plain done", onclick: () => this.act({ type: "panel", open: false }) }, "Done"),
    ];
  }

  date(label, value) {
    return make("input", { type: "text", value, "aria-label": `${label} date`, placeholder: "2025-07-12", size: "11", maxlength: "10", inputmode: "numeric" });
  }

  // The first few as buttons; the field finds the others while one types.
  kind(title, field, items) {
    if (!items.length) return null;
    const list = make("div", { class: "items" });
    const show = (words) => {
      const found = items.filter(([value, label]) => `${label} ${value}`.toLowerCase().includes(words.toLowerCase()));
      const few = found.slice(0, words ? 24 : 8);
      list.replaceChildren(...few.map(([value, label, count]) => make("button", {
        type: "button", class: "chip", onclick: () => this.act({ type: "add", field, value }),
      }, make("bdi", {}, label), make("span", { class: "many" }, ` ${count}`))));
      if (!found.length) list.append(make("span", { class: "quiet" }, "None has these letters."));
      if (words && few.length < found.length) list.append(make("span", { class: "quiet" }, `and ${(found.length - few.length).toLocaleString("en")} more: type more of its letters`));
    };
    const find = items.length > 8 ? make("input", {
      type: "text", "aria-label": `Find: ${title}`, placeholder: `Find among ${items.length.toLocaleString("en")}…`, oninput: () => show(find.value),
    }) : null;
    show("");
    return make("div", { class: "kind" }, make("h3", {}, title), find, list);
  }

  escape() {
    if (this.panel.childNodes.length) this.act({ type: "panel", open: false });
  }
}

views.choices = ChoicesView;
