// What is in the library, in pictures: articles by month, outlets, languages.

class PicturesView {
  constructor(root) {
    this.months = make("section", { class: "months" });
    this.names = make("section", { class: "names" });
    root.append(this.months, this.names);
    this.heading = make("h2", {});
    this.undated = make("p", { class: "quiet" });
    this.months.append(this.heading, this.undated);
    this.chart = new TimeChart(this.months);
  }

  draw(data) {
    this.heading.textContent = data.time.label;
    this.undated.textContent = data.undated;
    this.undated.hidden = !data.undated;
    this.chart.draw(data.time);
    update(this.names, [data.outlets, data.languages], () => [
      make("div", {}, make("h2", {}, "Outlets"), ...this.list(data.outlets)),
      make("div", {}, make("h2", {}, "Languages"), ...this.list(data.languages))]);
  }

  list(rows) {
    return countList(rows).filter((part) => part !== null);
  }
}

// The reader alone, for a page whose other parts are drawn by themselves.
class PaneView {
  constructor(root, act) {
    this.reader = new ReaderView(root, act);
  }

  draw(data) {
    this.reader.draw(data.reader);
  }

  escape() {
    this.reader.close();
  }

  end() {
    this.reader.hide();
  }
}

views.pictures = PicturesView;
views.pane = PaneView;
