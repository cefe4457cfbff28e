// The ask page: progress, sentences with their marks, what was left out, cards.

// What scrolls when the page does.
function scrolledBy(node) {
  for (let at = node; at; at = at.parentElement ?? at.getRootNode().host) {
    if (/auto|scroll/.test(getComputedStyle(at).overflowY) && at.scrollHeight > at.clientHeight) return at;
  }
  return document.scrollingElement;
}

class AnswerView {
  constructor(root, act) {
    this.act = act;
    this.root = root;
    this.claims = make("div", { class: "claims", "aria-live": "polite" });
    this.slots = {};
    for (const name of ["progress", "scope", "heading", "status", "leftOut", "notes", "cards"]) {
      this.slots[name] = make("div", { class: name });
    }
    this.tip = make("div", { class: "tip", role: "tooltip", id: "tip", hidden: true });
    const { progress, scope, heading, status, leftOut, notes, cards } = this.slots;
    root.append(progress, scope, heading, this.claims, status, leftOut, notes, cards, this.tip);
  }

  draw(data) {
    const { answer } = data;
    const watched = data.running || (this.root.dataset.answer === data.key && this.root.classList.contains("watched"));
    Object.assign(this.root.dataset, { answer: data.key, state: data.running ? "running" : "done" });
    this.root.classList.toggle("watched", watched); // the text does not move up when it is finished
    this.citations = new Map(data.citations.map((item) => [item.number, item]));
    update(this.slots.progress, [data.running, data.progress], (value) => this.progress(value));
    update(this.slots.scope, data.scope ?? "", (scope) => [scope ? make("p", {}, "Limited to: ", make("bdi", {}, scope)) : null]);
    update(this.slots.heading, [answer.heading, answer.why, answer.trouble], ([heading, why, trouble]) => [
      heading ? make("h2", {}, heading) : null,
      why ? make("p", { class: "why" }, why) : null,
      trouble ? make("p", { class: "trouble", role: "alert" }, trouble) : null,
    ]);
    this.drawClaims(data);
    update(this.slots.status, answer.status, (status) => [status ? make("p", {}, status) : null]);
    update(this.slots.leftOut, [answer.leftOut, answer.leftOutWords, answer.leftOutShown], (value) => this.leftOut(value));
    update(this.slots.notes, answer.notes, (notes) => notes.map((note) => make("p", {}, note)));
    this.root.classList.toggle("nearest", data.cards.kind === "nearest");
    const { kind, title, items } = data.cards; // whether the list is open is the reader's from then on
    update(this.slots.cards, [data.key, kind, title, items], ([key]) => this.cards(key, data.cards));
  }

  // Draws with `draw` and holds the card at the pointer, or with the focus, where it is on the
  // screen: what is drawn above it would push another one under a press.
  steadily(draw) {
    const at = this.allCards().findIndex((card) => card.matches(":hover, :focus-visible"));
    const before = this.allCards()[at]?.getBoundingClientRect().top;
    draw();
    const held = this.allCards()[at];
    if (!held) return;
    const moved = () => held.getBoundingClientRect().top - before;
    const page = scrolledBy(this.root);
    page.scrollTop += moved();
    if (moved() > 0) this.root.style.paddingBottom = `${moved()}px`; // the page ends too soon
    page.scrollTop += moved();
  }

  allCards() {
    return [...this.slots.cards.querySelectorAll(".card")];
  }

  // While a question runs, sentences are only added, so nothing that is being read moves.
  drawClaims(data) {
    const { answer, key } = data;
    const quotations = answer.style === "quotations";
    const state = JSON.stringify([key, answer.style]);
    const texts = answer.claims.map((claim) => JSON.stringify(claim));
    const kept = this.claims.state === state && this.drawn.every((text, at) => text === texts[at]);
    if (!kept) {
      this.claims.replaceChildren();
      this.drawn = [];
    }
    this.claims.state = state;
    this.claims.className = `claims ${answer.style}${data.running ? " running" : ""}`;
    for (const claim of answer.claims.slice(this.drawn.length)) {
      this.claims.append(quotations ? this.quotation(claim) : this.sentence(claim));
      this.drawn.push(JSON.stringify(claim));
    }
  }

  sentence(claim) {
    if (claim.left) return this.left("span", claim);
    return make("span", { class: "claim" }, claim.label ? `${claim.label} — ` : "", make("bdi", {}, claim.text), this.marks(claim), " ");
  }

  quotation(claim) {
    if (claim.left) return this.left("blockquote", claim);
    const first = this.citations.get(claim.marks[0]);
    const quote = make("p", { class: "words" }, quoted(claim.text), this.marks(claim));
    const source = first
      ? make("p", { class: "source" }, first.source, make("span", { class: "title" }, first.title))
      : null;
    const label = claim.label ? make("p", { class: "label" }, claim.label) : null;
    return make("blockquote", { class: "claim" }, label, quote, source);
  }

  // A sentence that the articles don't support, where the reader chose to see it.
  left(tag, { text, left }) {
    return make(tag, { class: "claim left" }, make("s", {}, text), make("span", { class: "reason" }, left), " ");
  }

  marks(claim) {
    return make("span", { class: "marks" }, ...claim.marks.map((number) => this.mark(number)));
  }

  mark(number) {
    const citation = this.citations.get(number);
    const button = make("button", {
      type: "button",
      class: "mark",
      "data-number": number,
      "aria-label": citation?.label ?? `citation ${number}`,
      onclick: () => { this.hideTip(); this.act({ type: "open", kind: "citation", index: number }); },
      onmouseenter: () => this.showTip(button, number),
      onmouseleave: () => this.hideTip(),
      onfocus: () => { if (button.matches(":focus-visible")) this.showTip(button, number); },
      onblur: () => this.hideTip(),
    }, String(number));
    return button;
  }

  showTip(button, number) {
    const citation = this.citations.get(number);
    if (!citation) return;
    this.tip.replaceChildren(
      make("p", { class: "words" }, quoted(citation.quote)),
      make("p", { class: "source" }, `${citation.source} · line ${citation.line}`),
    );
    this.tip.hidden = false;
    button.setAttribute("aria-describedby", "tip");
    const mark = button.getBoundingClientRect();
    const tip = this.tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(mark.left - 24, innerWidth - tip.width - 8));
    const below = mark.bottom + 8;
    const top = below + tip.height > innerHeight ? mark.top - tip.height - 8 : below;
    Object.assign(this.tip.style, { left: `${left}px`, top: `${Math.max(8, top)}px` });
  }

  hideTip() {
    this.tip.hidden = true;
  }

  markOf(number) {
    return this.claims.querySelector(`.mark[data-number="${Number(number)}"]`);
  }

  setActive(number) {
    for (const mark of this.claims.querySelectorAll(".mark")) {
      mark.classList.toggle("active", Number(mark.dataset.number) === number);
    }
  }

  progress([running, words]) {
    if (!running) return [];
    const stop = make("button", {
      type: "button", class: "plain", onclick: () => { stop.disabled = true; this.act({ type: "stop" }); },
    }, "Stop");
    return [
      make("div", { class: "line", role: "progressbar", "aria-label": words }),
      make("div", { class: "row" }, make("span", {}, words), stop),
    ];
  }

  leftOut([claims, words, shown]) {
    if (!claims.length) return [];
    const toggle = make("button", {
      type: "button", class: "plain", onclick: () => this.act({ type: "left_out", shown: !shown }),
    }, shown ? "Fold away" : "Show struck through in the answer");
    if (shown) return [make("p", { class: "shown" }, `${words}, shown struck through `, toggle)];
    const rows = claims.map((claim) => make("li", {},
      make("s", {}, claim.text), make("span", { class: "reason" }, claim.reason)));
    return [make("details", {}, make("summary", {}, words), make("ul", {}, ...rows), toggle)];
  }

  // A card that is being read stays where it is: of one question, what was there before keeps
  // its order, and the list stays folded or open.
  cards(key, { kind, title, open, items }) {
    const name = (item) => `${item.source} ${item.quote}`;
    const before = this.shownCards?.key === key && this.shownCards.kind === kind ? this.shownCards.names : [];
    const place = (item) => (before.includes(name(item)) ? before.indexOf(name(item)) : before.length);
    const ordered = items.map((item, index) => ({ item, index })).sort((a, b) => place(a.item) - place(b.item) || a.index - b.index);
    this.shownCards = { key, kind, names: ordered.map(({ item }) => name(item)) };
    if (!items.length) return [];
    const list = make("div", { class: "list" }, ...ordered.map(({ item, index }) => this.card(kind, item, index)));
    const folded = before.length ? this.slots.cards.querySelector("details") : null;
    return title ? [make("details", { open: folded ? folded.open : open }, make("summary", {}, title), list)] : [list];
  }

  card(kind, item, index) {
    return make("button", {
      type: "button", class: "card", onclick: () => this.act({ type: "open", kind, index }),
    },
      make("span", { class: "source" }, item.source, item.also ? make("span", { class: "also" }, item.also) : null),
      make("span", { class: "title" }, item.title),
      make("span", { class: "words" }, quoted(item.quote)),
      item.shortfall ? make("span", { class: "shortfall" }, item.shortfall) : null,
    );
  }
}
