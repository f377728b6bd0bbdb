// What every page needs; each module does nothing where its elements are missing.
import "./theme.js";
import "./ui.js";
import "./share.js";
