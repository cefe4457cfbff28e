// Where Streamlit hands over the data. Called again with every new data; what was
// drawn is kept on the parent, so only what differs is touched.

class Desk {
  constructor(root, view) {
    this.root = root;
    this.serial = 0;
    const act = (action) => this.send(action);
    if (view === "ask") {
      this.answer = new AnswerView(root, act);
      this.thread = new ThreadView(root, act, this.answer.slots);
      this.reader = new ReaderView(root, act);
      this.onKey = (event) => this.key(event);
      document.addEventListener("keydown", this.onKey);
      this.focusQuestion();
    } else if (view === "job") {
      this.job = new JobView(root, act);
    } else if (view === "models") {
      this.models = new ModelsView(root, act);
    } else if (view === "saved") {
      this.saved = new SavedView(root, act);
    } else if (view === "moremodels") {
      this.models = new MoreModelsView(root, act);
    } else {
      this.library = new LibraryView(root, act);
      if (view === "files") this.openReader(root, act);
    }
  }

  openReader(root, act) {
    this.reader = new ReaderView(root, act);
    this.onKey = (event) => { if (event.key === "Escape") this.reader.close(); };
    document.addEventListener("keydown", this.onKey);
  }

  // `at` makes two equal actions differ, so the second one arrives too.
  send(action) {
    this.serial += 1;
    this.setTriggerValue("action", { ...action, at: this.serial });
  }

  draw(data, setTriggerValue) {
    this.setTriggerValue = setTriggerValue;
    if (data.view === "ask") {
      if (data.answer) this.answer.draw(data);
      this.thread.draw(data);
      this.reader.draw(data.reader);
      this.answer.setActive(this.reader.open ? data.reader?.number : 0);
    } else {
      (this.job ?? this.models ?? this.saved ?? this.library).draw(data);
      this.reader?.draw(data.reader);
    }
  }

  key(event) {
    if (event.key === "Escape") {
      this.answer.hideTip();
      this.reader.close();
      this.answer.setActive(0);
    } else if (event.key === "/" && !typing(event)) {
      event.preventDefault();
      this.focusQuestion();
    }
  }

  // The field may be drawn a moment after the desk.
  focusQuestion(tries = 20) {
    const field = document.querySelector(".st-key-question input");
    if (field) field.focus();
    else if (tries) setTimeout(() => this.focusQuestion(tries - 1), 100);
  }

  end() {
    if (this.onKey) document.removeEventListener("keydown", this.onKey);
    this.reader?.hide();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".desk");
  if (!root || !data) return undefined;
  if (root.desk?.view !== data.view) {
    root.desk?.end();
    root.replaceChildren();
    root.className = `desk ${data.view}`;
    root.desk = new Desk(root, data.view);
    root.desk.view = data.view;
  }
  root.desk.draw(data, setTriggerValue);
  // Streamlit also calls this for a draw that a newer one has overtaken: the desk
  // ends only when it has left the page.
  return () => setTimeout(() => {
    if (root.isConnected) return;
    root.desk?.end();
    root.desk = null;
  });
}
