// How many articles there are, the job at work with its buttons, and what waits behind it.
// Buttons stay the same nodes while progress comes in, so that no press is lost.

class JobView {
  constructor(root, act) {
    this.act = act;
    this.counts = make("div", { class: "counts" });
    this.done = make("div", { class: "done" });
    this.bar = make("div", { class: "bar", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100" }, this.done);
    this.title = make("strong", { "aria-live": "polite" });
    this.detail = make("span");
    this.text = make("span", { class: "told" }, this.title, this.detail);
    this.buttons = {};
    for (const [name, label] of [["pause", "Pause"], ["resume", "Resume"], ["cancel", "Cancel"]]) {
      this.buttons[name] = make("button", { type: "button", class: "plain", onclick: () => this.press(name) }, label);
    }
    this.row = make("div", { class: "row" }, this.text, make("span", { class: "buttons" }, ...Object.values(this.buttons)));
    this.job = make("div", { class: "job" }, this.bar, this.row);
    this.waiting = make("div", { class: "waiting" });
    this.message = make("div", { class: "told" });
    root.append(this.counts, this.job, this.waiting, this.message);
  }

  draw(data) {
    update(this.counts, data.counts, (counts) => counts.map(([value, label]) =>
      make("div", { class: "count" }, make("strong", {}, value), make("span", {}, label))));
    this.job.hidden = !data.job;
    if (data.job) this.progress(data.job);
    update(this.waiting, data.waiting, (waiting) => this.queue(waiting ?? []));
    update(this.message, data.message, (message) => [message ? make("p", { class: "trouble", role: "alert" }, message) : null]);
  }

  progress(job) {
    const percent = Math.round(job.share * 100);
    this.bar.hidden = !job.bar;
    this.bar.setAttribute("aria-label", job.title);
    this.bar.setAttribute("aria-valuenow", String(percent));
    this.done.style.width = `${percent}%`;
    this.text.classList.toggle("trouble", job.trouble);
    if (this.title.textContent !== job.title) this.title.textContent = job.title;
    this.detail.textContent = job.detail ? ` · ${job.detail}` : "";
    const state = JSON.stringify([job.title, job.can]);
    for (const [name, button] of Object.entries(this.buttons)) {
      button.hidden = !job.can[name];
      if (this.state !== state) button.disabled = false;
    }
    this.state = state;
  }

  press(name) {
    this.buttons[name].disabled = true; // until the job has heard of it
    this.act({ type: name });
  }

  queue(waiting) {
    if (!waiting.length) return [];
    const rows = waiting.map(([place, words]) => make("li", {},
      make("span", { class: "path" }, make("bdi", {}, words)), make("span", { class: "state" }, "waits"),
      make("button", { type: "button", class: "plain", onclick: () => this.act({ type: "withdraw", place }) }, "Withdraw")));
    return [make("ul", { class: "rows", "aria-label": "Waiting" }, ...rows)];
  }
}

views.job = JobView;
