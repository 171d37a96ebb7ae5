import { fileName } from "@/lib/file-name";
import { color } from "../../ui/plot";

interface Props {
  name: string;
  /** The chart as SVG, whose colours may be the page's variables. */
  svg: () => string | null;
  /** Whether its data is not there yet. */
  empty?: boolean;
}

/** Downloads the chart as it is shown. */
export function SaveChart({ name, svg, empty = false }: Props) {
  const save = (write: (text: string, file: string) => void) => {
    const text = svg();
    if (text) write(plain(text), fileName(name));
  };
  const button = { type: "button", disabled: empty, className: "text-soft underline disabled:opacity-50" } as const;
  return (
    <span className="flex gap-2 text-xs">
      <button {...button} onClick={() => save(saveSvg)} aria-label={`${name} as SVG`}>
        SVG
      </button>
      <button {...button} onClick={() => save(savePng)} aria-label={`${name} as PNG`}>
        PNG
      </button>
    </span>
  );
}

/** A chart of the page as SVG of its own. */
export function svgOf(element: SVGSVGElement | null | undefined): string | null {
  if (!element) return null;
  const copy = element.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("style", "background: var(--surface); fill: var(--soft); font: 12px Inter, sans-serif");
  return copy.outerHTML;
}

/** Replaces CSS variables and OKLCH colours by hex colours, which every program reads. */
function plain(svg: string): string {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
  const hex = (colour: string) => {
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
    return `#${[red, green, blue].map((value) => value!.toString(16).padStart(2, "0")).join("")}`;
  };
  const named = svg.replace(/var\((--[\w-]+)\)/g, (_, name: string) => color(name));
  return named.replace(/(?:oklch|oklab|lch|lab)\([^)]*\)/g, hex);
}

const saveSvg = (text: string, file: string) => download(new Blob([text], { type: "image/svg+xml" }), `${file}.svg`);

/** At twice the size, for screens and print. */
function savePng(text: string, file: string): void {
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2 * image.width, 2 * image.height];
    const context = canvas.getContext("2d")!;
    context.fillStyle = color("--surface");
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => blob && download(blob, `${file}.png`), "image/png");
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}

function download(blob: Blob, file: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
