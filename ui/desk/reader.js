// The reader: the source beside the answer, at the words.

class ReaderView {
  // `alone`: it is the page, not a pane beside one.
  constructor(root, act, alone = false) {
    this.act = act;
    this.alone = alone;
    this.mode = "clean";
    this.head = make("header", {});
    this.tools = make("div", { class: "tools" });
    this.body = make("div", { class: "body", tabindex: "0" });
    this.foot = make("footer", {});
    this.beside = make("div", { class: "beside" });
    this.pane = make("aside", { class: "reader", "aria-label": "Source", hidden: true },
      this.head, this.tools, this.beside, this.body, this.foot);
    root.append(this.pane);
    this.swipeStart = null;
    this.pane.addEventListener("touchstart", (event) => {
      this.swipeStart = event.touches.length === 1 ? event.touches[0] : null;
    }, { passive: true });
    this.pane.addEventListener("touchend", (event) => this.swiped(event.changedTouches[0]));
  }

  get open() {
    return !this.pane.hidden;
  }

  draw(data) {
    if (!data) this.closedKey = null; // the page knows of the closing; its keys may begin anew
    if (!data || data.key === this.closedKey) return this.hide();
    if (data.same) { // nothing new while a question runs
      if (data.key !== this.key) this.act({ type: "resend" });
      return undefined;
    }
    const opened = data.key !== this.key;
    const focused = this.pane.getRootNode().activeElement;
    if (opened && focused && !this.pane.contains(focused)) this.opener = focused;
    this.key = data.key;
    this.data = data;
    if (opened && !data.clean) this.mode = "original";
    else if (opened && this.chosen) this.mode = this.chosen;
    else if (opened) this.mode = "clean";
    update(this.head, [data.source, data.title, data.note, data.stored, data.message], () => this.header(data));
    update(this.tools, [data.key, data.pager, this.mode, data.forms], () => this.toolbar(data));
    update(this.beside, data.beside, () => this.around(data));
    update(this.foot, [data.path, data.place], () => [
      make("span", { class: "path", title: data.path }, make("bdi", {}, data.shownPath)),
      make("span", { class: "place" }, data.place),
    ]);
    const text = data[this.mode] ?? data.original;
    const held = opened ? null : this.firstInView();
    update(this.body, [data.key, this.mode, text], () => this.lines(text));
    if (held) this.keepInView(held);
    this.pane.hidden = false;
    if (!this.alone) document.documentElement.dataset.reader = "open";
    if (opened) this.toWords();
  }

  close() {
    if (!this.open) return;
    this.closedKey = this.key;
    this.hide();
    this.act({ type: "close" });
    this.giveFocusBack();
  }

  // To the mark that is read, else to what opened the reader; not away from a field.
  giveFocusBack() {
    const root = this.pane.getRootNode();
    if (![document.body, root.host].includes(document.activeElement) || root.activeElement?.matches("input, textarea")) return;
    const to = this.openedBy?.(this.data?.number) ?? this.opener;
    if (to?.isConnected) to.focus({ preventScroll: true });
  }

  hide() {
    this.pane.hidden = true;
    delete document.documentElement.dataset.reader;
  }

  header(data) {
    return [
      make("div", { class: "row" },
        make("span", { class: "source" }, data.source),
        make("button", { type: "button", class: "plain close", "aria-label": "Close the reader (Esc)", onclick: () => this.close() }, "✕")),
      make("h2", {}, data.title),
      data.note ? make("p", { class: "note" }, data.note) : null,
      data.message ? make("p", { class: "note", role: "status" }, make("bdi", {}, data.message)) : null,
      data.stored ? make("blockquote", { class: "stored", "aria-label": "The words as they were" }, make("bdi", {}, data.stored)) : null,
    ];
  }

  toolbar(data) {
    const tools = [];
    const tab = (mode, label) => make("button", {
      type: "button", class: "tab", "aria-pressed": String(this.mode === mode),
      disabled: mode === "clean" && !data.clean,
      title: mode === "clean" && !data.clean ? "These words were left out when the page was cleaned" : null,
      onclick: () => this.show(mode),
    }, label);
    tools.push(make("div", { class: "tabs", role: "group", "aria-label": "Show" },
      tab("clean", "Clean text"), tab("original", "Original")));
    if (data.pager) {
      const step = (number, sign, label) => make("button", {
        type: "button", class: "plain", disabled: !number, "aria-label": label,
        onclick: () => this.act({ type: "open", kind: "citation", index: number }),
      }, sign);
      tools.push(make("div", { class: "pager" },
        step(data.pager.previous, "‹", "previous citation"),
        make("span", {}, data.pager.words),
        step(data.pager.next, "›", "next citation")));
    }
    if (data.forms.length) tools.push(this.citeMenu(data), this.moreMenu(data));
    return tools;
  }

  citeMenu({ forms, link }) {
    const copied = [...forms, ["Link to this place", new URL(link, document.baseURI).href]];
    return menu("Cite", copied.map(([name, text]) => {
      const button = make("button", { type: "button", class: "plain", onclick: () => copyText(text, button) }, `Copy: ${name}`);
      return button;
    }));
  }

  moreMenu({ article }) {
    const item = (label, type) => make("button", { type: "button", class: "plain", onclick: (event) => {
      event.target.closest("details").open = false;
      this.act({ type });
    } }, label);
    return menu("More", [item("Show in its folder", "reveal"), article ? item("Ask this article alone", "limit") : null]);
  }

  // The page's other articles, the story's copies, and what was left out: all folded.
  around({ beside, path }) {
    if (!beside) return [];
    const open = (target, index) => this.act({ type: "open", kind: "file", path: target, index });
    const item = (label, small, target, index, active) => make("li", {},
      make("button", { type: "button", class: "plain", "aria-current": active ? "true" : null, onclick: () => open(target, index) }, make("bdi", {}, label)),
      small ? make("span", { class: "source" }, small) : null);
    const articles = beside.articles.map((article) => item(article.title, article.source, path, article.index, article.active));
    const copies = beside.copies.map((copy) => item(copy.label, copy.source, copy.path, copy.index, false));
    const versions = beside.versions.map((version) => {
      const line = item(version.label, version.source, version.path, version.index, false);
      line.append(make("ul", { class: "changes" }, ...version.changes.map((change) => make("li", {},
        make("span", { class: "source" }, change.kind),
        change.here ? make("del", {}, make("bdi", {}, change.here)) : null,
        change.there ? make("ins", {}, make("bdi", {}, change.there)) : null))));
      return line;
    });
    const leftOut = beside.leftOut.map((part) => make("li", {},
      make("span", { class: "number" }, String(part.line)),
      make("span", { class: "gone" }, make("bdi", {}, part.text)),
      make("span", { class: "source" }, part.reason)));
    const fold = (title, list, kind) => (list.length
      ? make("details", { class: kind }, make("summary", {}, title), make("ul", {}, ...list)) : null);
    return [
      fold(`Articles on this page (${articles.length})`, articles, "articles"),
      fold(`Also in (${copies.length})`, copies, "copies"),
      fold(`Versions that say something else (${versions.length})`, versions, "versions"),
      fold(beside.leftOutWords, leftOut, "leftOut"),
      beside.unfit ? make("p", { class: "source" }, beside.unfit) : null,
    ];
  }

  show(mode) {
    this.mode = mode;
    this.chosen = mode;
    this.draw(this.data);
    this.toWords();
  }

  lines({ lines, cutBefore, cutAfter }) {
    const gap = (words, side) => make("p", { class: "gap" },
      make("button", { type: "button", class: "plain", onclick: () => this.act({ type: "more", side }) }, words));
    const rows = lines.map(({ line, parts }) => make("div", { class: "textline", "data-line": line },
      make("span", { class: "number", "aria-hidden": "true" }, String(line)),
      make("p", {}, ...parts.map((part) => this.part(part)))));
    const list = make("div", { class: `lines ${this.mode}` }, ...rows);
    return [cutBefore ? gap("Show earlier text", "before") : null, list, cutAfter ? gap("Show later text", "after") : null];
  }

  part([text, kind, number]) {
    if (!kind) return document.createTextNode(text);
    if (kind === "cut") {
      const side = number < 0 ? "before" : "after";
      return make("button", { type: "button", class: "plain cut", "aria-label": `Show more of this line, ${side} this`, onclick: () => this.act({ type: "more", side }) }, text);
    }
    if (kind === "gone") return make("span", { class: "gone", title: "Left out when the page was read" }, text);
    const other = kind === "other";
    return make("mark", {
      class: kind, "data-number": number || null,
      title: other ? `Citation ${number}` : null,
      onclick: other ? () => this.act({ type: "open", kind: "citation", index: number }) : () => {},
    }, text);
  }

  // What is being read: the mark or line at the top of what is seen, and how far it is from it.
  firstInView() {
    const top = this.body.getBoundingClientRect().top;
    for (const row of this.body.querySelectorAll(".textline")) {
      const box = row.getBoundingClientRect();
      if (box.bottom > top) return { mode: this.mode, line: row.dataset.line, from: box.top - top };
    }
    return null;
  }

  // Text that came before it pushes nothing away.
  keepInView({ mode, line, from }) {
    const row = mode === this.mode && this.body.querySelector(`.textline[data-line="${line}"]`);
    if (row) this.body.scrollTop += row.getBoundingClientRect().top - this.body.getBoundingClientRect().top - from;
  }

  // Scrolls the reader only, never the page behind it.
  toWords() {
    const mark = this.body.querySelector("mark.main");
    if (this.alone) { mark?.scrollIntoView({ block: "center" }); return; }
    if (!mark) { this.body.scrollTop = 0; return; }
    const offset = mark.getBoundingClientRect().top - this.body.getBoundingClientRect().top;
    const high = mark.getBoundingClientRect().height;
    const room = Math.max(16, (this.body.clientHeight - high) * 0.3);
    this.body.scrollTop += offset - room;
  }

  swiped(end) {
    if (!this.swipeStart) return;
    const right = end.clientX - this.swipeStart.clientX;
    const down = Math.abs(end.clientY - this.swipeStart.clientY);
    if (right > 80 && down < 50) this.close();
  }
}

// A button that unfolds a few others; it folds again on Esc and when the focus leaves it.
function menu(label, items) {
  const details = make("details", { class: "menu" }, make("summary", {}, label), make("div", { class: "items" }, ...items));
  details.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !details.contains(event.relatedTarget)) details.open = false;
  });
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    event.stopPropagation(); // it closes the menu, not the reader behind it
    details.open = false;
    details.querySelector("summary").focus();
  });
  return details;
}

// The page of an article alone: the reader fills it.
class ArticleView {
  constructor(root, act) {
    this.reader = new ReaderView(root, act, true);
  }

  draw(data) {
    this.reader.draw(data.reader);
  }
}

views.article = ArticleView;
