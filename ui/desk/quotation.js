// The page that finds a quotation: a field for the words, and each place with what differs.

class QuotationView {
  constructor(root, act) {
    this.act = act;
    this.field = make("textarea", { rows: "3", "aria-label": "The quotation", placeholder: "Paste a sentence…", maxlength: "5000", spellcheck: "false" });
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send();
    });
    // What was pasted is in the field only after this.
    this.field.addEventListener("paste", () => setTimeout(() => this.send()));
    this.form = make("form", { class: "searchform", role: "search", onsubmit: (event) => { event.preventDefault(); this.send(); } },
      this.field, make("button", { type: "submit", class: "button main" }, "Find"));
    this.found = make("div", { class: "places" });
    this.status = make("p", { class: "count-line", role: "status" });
    root.append(this.form, this.status, this.found);
    this.reader = new ReaderView(root, act);
  }

  send() {
    const words = this.field.value;
    if (!words.trim() || (words === this.data.words && this.data.asked)) return;
    this.sent = words;
    this.form.classList.add("waiting");
    this.act({ type: "look_up", words });
  }

  put(words) {
    this.sent = words;
    this.field.value = words;
    this.form.classList.remove("waiting");
  }

  draw(data) {
    if (this.home !== data.home) {
      this.home = data.home;
      this.put(data.words);
      if (!data.reader) this.field.focus();
    } else if (data.words !== this.data.words && data.words !== this.sent) {
      this.put(data.words); // the browser's Back or Forward
    }
    if (data.words === this.field.value) this.form.classList.remove("waiting");
    this.data = data;
    this.status.textContent = this.told();
    update(this.found, [data.exact, data.near, data.message, data.asked], () => this.places());
    this.reader.draw(data.reader);
  }

  told() {
    const { asked, exact, near } = this.data;
    if (!asked) return "";
    if (exact.length) return `Stands word for word in ${exact.length} ${exact.length === 1 ? "place" : "places"}`;
    return near.length ? "Nowhere word for word. The nearest places:" : "Not in your articles";
  }

  places() {
    const { asked, exact, near, message } = this.data;
    if (message && !asked) return [make("p", { class: "trouble", role: "alert" }, message)];
    if (!asked) return [make("p", { class: "quiet" }, "See in which of your articles a sentence stands, word for word or nearly, and what is different there. Quotation marks, capitals and line breaks make no difference.")];
    if (!exact.length && !near.length) return [make("p", { class: "quiet" }, "No article has these words, or ones like them. A shorter part of the sentence may be found: whoever quoted it may have changed the rest.")];
    const legend = near.length ? make("p", { class: "quiet legend-line" },
      make("del", {}, "struck through"), " only in your quotation · ", make("ins", {}, "underlined"), " only in the article") : null;
    const list = (places, label) => (places.length
      ? make("ol", { class: "hits", "aria-label": label }, ...places.map((place) => this.card(place))) : null);
    return [
      message ? make("p", { class: "trouble", role: "alert" }, message) : null,
      list(exact, "Word for word"),
      near.length && exact.length ? make("h2", {}, "Nearly the same") : null,
      legend, list(near, "Nearest places"),
    ];
  }

  card({ key, source, title, verdict, line, parts, exact }) {
    return make("li", {}, make("button", { type: "button", class: "card hit", onclick: () => this.act({ type: "open", kind: "place", key }) },
      make("span", { class: "source" }, make("bdi", { dir: "ltr" }, source), make("span", { class: exact ? "verdict exact" : "verdict" }, `${verdict} · ${line}`)),
      title ? make("bdi", { class: "title" }, title) : null,
      make("bdi", { class: "words" }, ...parts.map(quotationPart))));
  }

  focusField() {
    this.field.focus();
    this.field.select();
  }

  escape() {
    this.reader.close();
  }

  end() {
    this.reader.hide();
  }
}

function quotationPart([text, kind]) {
  if (kind === "quoted") return make("del", {}, text);
  if (kind === "found") return make("ins", {}, text);
  return kind ? make("span", { class: kind }, text) : document.createTextNode(text);
}

views.quotation = QuotationView;
