// The ask page: an answer, its conversation and the reader beside it.

const QUESTION_FIELD = ".st-key-question textarea";

class AskView {
  constructor(root, act) {
    this.answer = new AnswerView(root, act);
    this.thread = new ThreadView(root, act, this.answer.slots);
    this.reader = new ReaderView(root, act);
    this.reader.openedBy = (number) => this.answer.markOf(number);
    this.focusQuestion();
  }

  draw(data) {
    this.answer.steadily(() => {
      if (data.answer) this.answer.draw(data);
      this.thread.draw(data);
    });
    this.reader.draw(data.reader);
    this.answer.setActive(this.reader.open ? data.reader?.number : 0);
  }

  escape() {
    this.reader.close();
    this.answer.hideTip(); // also that of the mark that has the focus again
    this.answer.setActive(0);
  }

  // Left and right go from mark to mark; with the reader open, it goes along.
  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || event.shiftKey || typing(event)) return;
    const marks = [...this.answer.claims.querySelectorAll(".mark")];
    if (!marks.length) return;
    const focused = marks.indexOf(this.answer.claims.getRootNode().activeElement);
    const at = focused >= 0 ? focused : marks.findIndex((mark) => mark.classList.contains("active"));
    const next = at < 0 && step < 0 ? marks.length - 1 : at + step;
    if (next < 0 || next >= marks.length) return;
    event.preventDefault();
    marks[next].focus();
    if (this.reader.open) marks[next].click();
  }

  // The field may be drawn a moment after the desk.
  focusQuestion(tries = 20) {
    const field = document.querySelector(QUESTION_FIELD);
    if (field) field.focus();
    else if (tries) setTimeout(() => this.focusQuestion(tries - 1), 100);
  }

  end() {
    this.reader.hide();
  }
}

// Enter asks; Shift and Enter begin a new line. Streamlit's own field would take Ctrl and Enter.
function enterAsks(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return false;
  if (!event.target.matches?.(".st-key-question textarea")) return false;
  event.preventDefault();
  document.querySelector(".st-key-ask_row [data-testid='stFormSubmitButton'] button")?.click();
  return true;
}

views.ask = AskView;
