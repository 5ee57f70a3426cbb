// The page in which diagrams are drawn. What a model wrote is drawn here and nowhere else: this page has no origin, no
// network and no way to Lumen's own but these messages.
import mermaid from 'mermaid';

interface Wish {
  readonly source: string;
  readonly isDark: boolean;
}

const TEXT_SIZE_MAX = 50_000;
const root = document.documentElement;
const place = document.createElement('div');
document.body.append(place);

const tell = (message: object) => parent.postMessage(message, '*');
const tellHeight = () => tell({ kind: 'height', px: Math.ceil(place.offsetHeight) });
new ResizeObserver(tellHeight).observe(place);

async function draw({ source, isDark }: Wish): Promise<void> {
  // Like Lumen's page, or the browser puts a ground behind what is transparent.
  root.style.colorScheme = isDark ? 'dark' : 'light';
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    suppressErrorRendering: true,
    maxTextSize: TEXT_SIZE_MAX,
    theme: isDark ? 'dark' : 'default',
    fontFamily: 'system-ui, sans-serif',
  });
  try {
    const { svg } = await mermaid.render('diagram', source);
    place.innerHTML = svg;
    tell({ kind: 'drawn' });
    tellHeight();
  } catch (error) {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

addEventListener('message', ({ source, data }: MessageEvent<Wish>) => {
  if (source === parent) void draw(data);
});
tell({ kind: 'ready' });
