// Compiles the styles and copies the packages' scripts and pictures into static/build (git-ignored).
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const target = join(root, "static", "build");
const pictures = join(target, "images");
const styles = join(root, "govuk", "scss", "cpconf.scss");

rmSync(target, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });

// Without this comment neither browsers nor the hashing of file names look for a source map.
const script = (from, to) =>
  writeFileSync(join(target, to), readFileSync(join(modules, from), "utf8").replace(/\/\/# sourceMappingURL=.*\s*$/, "\n"));
script("govuk-frontend/dist/govuk/govuk-frontend.min.js", "govuk-frontend.min.js");
script("@ministryofjustice/frontend/moj/moj-frontend.min.js", "moj-frontend.min.js");

const mojPictures = join(modules, "@ministryofjustice", "frontend", "moj", "assets", "images");
for (const name of readdirSync(mojPictures).filter((file) => file.startsWith("icon-"))) {
  copyFileSync(join(mojPictures, name), join(pictures, name));
}

if (!existsSync(styles)) {
  console.error(`No styles: ${styles} does not exist`);
  process.exit(1);
}
const { css } = sass.compile(styles, {
  loadPaths: [root, modules],
  style: "compressed",
  quietDeps: true,
  logger: {
    // Warnings from within packages are not ours to fix.
    warn: (message, { stack }) => stack?.trimStart().startsWith("node_modules") || console.warn(`${message}\n${stack ?? ""}`),
  },
});
writeFileSync(join(target, "cpconf.css"), css);
console.log(`Built ${target}: cpconf.css ${Math.round(css.length / 1024)} KiB`);
