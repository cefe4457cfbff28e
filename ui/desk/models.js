// The models page: writers and encoder with what fits, then one's own file and server.

class ModelsView {
  constructor(root, act) {
    this.act = act;
    this.slots = {};
    for (const name of ["machine", "message", "writers", "encoders", "check"]) {
      this.slots[name] = make("section", { class: name });
      root.append(this.slots[name]);
    }
  }

  draw(data) {
    update(this.slots.machine, [data.machine, data.network], () => [
      make("p", { class: "quiet" }, data.machine),
      make("p", { class: "quiet network" }, data.network)]);
    update(this.slots.message, [data.message, data.problems], () => [data.message, ...data.problems].filter(Boolean)
      .map((text) => make("p", { class: "trouble", role: "alert" }, text)));
    this.list(this.slots.writers, "Writers", "They draft answers when you choose one under the question; every sentence is checked before it is shown. Without one, answers are quotations.", data.none, data.writers);
    this.list(this.slots.encoders, "Encoder", "It finds passages by their meaning.", "", data.encoders);
    update(this.slots.check, data.check, (check) => this.check(check));
  }

  // Each model is drawn by itself and its progress apart from its buttons: what is being
  // pressed or has the focus stays where it is.
  list(slot, title, explanation, none, models) {
    const names = models.map((model) => model.name);
    update(slot, [title, none, names], () => [
      make("h2", {}, title), make("p", { class: "quiet" }, explanation),
      none ? make("p", { class: "none" }, none) : null,
      make("ul", { class: "models" }, ...names.map((name) => make("li", { "data-name": name })))]);
    const rows = slot.querySelectorAll("li[data-name]");
    models.forEach((model, place) => this.model(rows[place], model));
  }

  model(row, model) {
    if (!row.parts) {
      row.parts = ["head", "facts", "task", "problem", "details"].map((name) => make("div", { class: name }));
      row.append(...row.parts);
    }
    const { task, ...rest } = model;
    const drawn = [() => this.head(model), () => this.facts(model), null, () => (model.problem ? [make("p", { class: "trouble" }, model.problem)] : []), () => [this.details(model)]];
    drawn.forEach((build, place) => { if (build) update(row.parts[place], rest, build); });
    update(row.parts[2], task, () => this.task(model));
  }

  head(model) {
    return [make("div", { class: "row" },
      make("p", { class: "modelname" }, make("bdi", {}, model.title),
        model.state ? make("span", { class: `tag ${model.state === "installed" || model.state === "your own file" ? "here" : ""}` }, model.state) : null,
        model.suggested ? make("span", { class: "tag suggested", title: "The largest that fits beside what runs now and answers in about 12 seconds" }, "suggested for this machine") : null),
      this.buttons(model))];
  }

  facts(model) {
    const fits = model.fitsWords ? make("span", { class: model.fits }, ` (${model.fitsWords})`) : null;
    return model.facts.map((fact, place) =>
      make("span", { class: "fact" }, fact, place === 1 ? fits : null)); // the memory comes second
  }

  buttons(model) {
    const button = (shown, type, label, kind = "button") => (shown ? make("button", {
      type: "button", class: kind, "aria-label": `${label}: ${model.title}`,
      onclick: (event) => { event.currentTarget.disabled = true; this.act({ type, name: model.name, path: model.whole_path }); },
    }, label) : null);
    return make("div", { class: "tools" },
      button(model.download, "download", model.download, model.suggested ? "button main" : "button"),
      button(model.stop, "stop", "Stop"),
      button(model.discard, "discard", "Delete what is here", "plain"),
      button(model.measure, "measure", model.speeds.length ? "Measure again" : "Measure", "plain"),
      button(model.forget, "forget", "Forget", "plain"));
  }

  task(model) {
    if (!model.task) return [];
    const { title, detail, share, running, trouble } = model.task;
    const percent = Math.round((share ?? 0) * 100);
    const bar = make("div", { class: share === null ? "bar moving" : "bar", role: "progressbar", "aria-label": `${title}: ${model.title}`, "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": share === null ? null : String(percent) }, make("div", { class: "done" }));
    if (share !== null) bar.firstChild.style.width = `${percent}%`;
    return [running ? bar : null,
      make("p", { class: trouble ? "trouble" : "", role: running ? null : "status" }, make("strong", {}, title), detail ? `${trouble ? ": " : " · "}${detail}` : "")];
  }

  details(model) {
    const lines = [
      make("li", { class: "breaks" }, `On the command line: --model ${model.name}`),
      ...model.speeds.map((speed) => make("li", { class: speed.best ? "best" : "" }, `${speed.threads}: ${speed.read}, ${speed.written}${speed.best ? " · used" : ""}`)),
      model.source ? make("li", {}, `From ${model.source}`) : null,
      model.path ? make("li", { class: "breaks" }, model.path) : make("li", { class: "breaks" }, model.file),
      model.sha256 ? make("li", { class: "breaks" }, `SHA-256 ${model.sha256}`) : null];
    return make("details", {}, make("summary", {}, "Details"), make("ul", {}, ...lines.filter(Boolean)));
  }

  check({ running, title, files }) {
    const button = make("button", { type: "button", class: "button", onclick: () => { button.disabled = true; this.act({ type: running ? "stop" : "verify", name: "" }); } }, running ? "Stop the check" : "Check all files");
    const rows = files.map((file) => make("li", { class: "breaks" },
      make("strong", { class: file.ok ? "" : "trouble" }, `${file.ok ? "as it should be" : "not as it should be"}: `), `${file.path} `,
      file.sha256 ? make("span", { class: "quiet" }, `SHA-256 ${file.sha256} `) : null,
      file.reason ? make("span", { class: file.ok ? "quiet" : "trouble" }, file.reason) : null));
    return [
      make("div", { class: "row start", "aria-live": "polite" }, button, make("span", { class: "quiet" }, title || "Every file against its SHA-256")),
      files.length ? make("details", { open: files.some((file) => !file.ok) }, make("summary", {}, "Files"), make("ul", { class: "checked" }, ...rows)) : null];
  }
}

class MoreModelsView {
  constructor(root, act) {
    this.act = act;
    this.own = make("section", { class: "own" });
    this.server = make("section", { class: "server" });
    root.append(this.own, this.server);
  }

  draw(data) {
    update(this.own, [data.folder, data.added, data.message], () => this.file(data));
    update(this.server, [data.server, data.serverModels, data.serverProblem, data.serverWaiting], () => this.servers(data));
  }

  file({ folder, added, message }) {
    const use = () => this.act({ type: "use", path: field.value });
    const field = make("input", { type: "text", "aria-label": "Path of a GGUF file", spellcheck: "false", placeholder: "/path/to/model.gguf", onkeydown: (event) => { if (event.key === "Enter") use(); } });
    return [
      make("h2", {}, "Your own file"),
      make("p", { class: "quiet" }, "Any GGUF file that llama.cpp runs. The app remembers its path; the file stays where it is."),
      make("div", { class: "row start" }, field, make("button", { type: "button", class: "button", onclick: use }, "Use this file")),
      message ? make("p", { class: "trouble", role: "alert" }, message) : null,
      added ? make("p", { class: "quiet", role: "status" }, `${added} is in the list above.`) : null,
      make("p", { class: "quiet breaks" }, `Files in ${folder} are found by themselves.`)];
  }

  servers({ server, serverModels, serverProblem, serverWaiting }) {
    if (!server) {
      return [make("h2", {}, "A server on this machine"),
        make("p", { class: "quiet" }, "Ollama, LM Studio or llama-server can write too: start the app with ", make("code", {}, "SOURCEBOOK_SERVER=http://127.0.0.1:11434"), " (its address). Addresses of other machines are refused.")];
    }
    return [make("h2", {}, "A server on this machine"), make("p", { class: "quiet" }, server),
      serverProblem && !serverWaiting ? make("p", { class: "trouble" }, serverProblem) : null,
      make("ul", { class: "models" }, ...serverModels.map((name) => make("li", {}, make("bdi", {}, name)))),
      serverWaiting ? make("p", { class: "quiet" }, serverWaiting) : null,
      serverWaiting || serverProblem || serverModels.length ? null : make("p", { class: "quiet" }, "It lists no model yet.")];
  }
}

views.models = ModelsView;
views.moremodels = MoreModelsView;
