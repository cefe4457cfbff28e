// The look that was chosen, told to Streamlit; and where things are kept.

// Where Streamlit remembers a visitor's choice, one for each page's path: "Light", "Dark" or
// "System". It reads it when a page is loaded, so a change loads the page once more.
const themeKey = (path) => `stActiveTheme-${path}-v2`;

class ThemeView {
  draw({ theme, paths }) {
    const wanted = JSON.stringify(theme);
    const kept = (path) => localStorage.getItem(themeKey(path)) ?? JSON.stringify("System");
    try {
      const isOther = kept(location.pathname) !== wanted;
      for (const path of new Set([...paths, location.pathname])) {
        if (kept(path) !== wanted) localStorage.setItem(themeKey(path), wanted);
      }
      if (isOther && kept(location.pathname) === wanted) location.reload();
    } catch {
      // A browser that keeps nothing for this page shows it as the system is set.
    }
  }
}

class PlacesView {
  constructor(root) {
    this.slot = make("section", { class: "kept" });
    root.append(this.slot);
  }

  draw(data) {
    update(this.slot, [data.home, data.places], () => [
      make("h2", {}, "Where things are kept"),
      make("p", { class: "quiet" }, "All of it is on this machine, in ", make("bdi", { class: "breaks" }, data.home)),
      make("div", { class: "scroll" }, make("table", {},
        make("thead", {}, make("tr", {}, ...["What", "Where", "Size"].map((label) => make("th", { scope: "col", class: label === "Size" ? "number-of" : null }, label)))),
        make("tbody", {}, ...data.places.map((place) => make("tr", {},
          make("td", {}, place.name, make("span", { class: "quiet explanation" }, place.explanation)),
          make("td", { class: "breaks" }, make("bdi", {}, place.path)),
          make("td", { class: "number-of" }, place.size))))))]);
  }
}

views.theme = ThemeView;
views.kept = PlacesView;
