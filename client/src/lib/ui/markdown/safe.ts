import DOMPurify, { type Config } from 'dompurify';

const words = (text: string) => text.trim().split(/\s+/);

const html =
  words(`a b blockquote br button code del details div em figcaption figure h3 h4 hr i kbd li mark ol p
  pre s span strong sub summary sup table tbody td th thead tr u ul`);
const mathMl =
  words(`annotation math menclose merror mfrac mglyph mi mlabeledtr mmultiscripts mn mo mover mpadded
  mphantom mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover semantics`);
const svg = words('svg path line');

// `style` is what KaTeX places its glyphs with; no text of a model can reach an attribute (see render.ts).
const attributes =
  words(`align aria-hidden aria-label class columnalign columnlines columnspacing d data-copy data-note depth
  display displaystyle encoding fence height href linethickness lspace mathbackground mathcolor mathsize mathvariant
  maxsize minsize movablelimits notation preserveaspectratio rel role rowlines rowspacing rspace scriptlevel separator
  start stretchy style symmetric tabindex target title type viewbox voffset width x1 x2 xmlns y1 y2`);

const config: Config = {
  ALLOWED_TAGS: [...html, ...mathMl, ...svg],
  ALLOWED_ATTR: attributes,
  // Tested against every attribute, so what is no address at all must pass too.
  ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto):|[^a-z]|[a-z+.-]+(?:[^a-z+.:-]|$))/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_TRUSTED_TYPE: false,
};

const announcement: Config = {
  ...config,
  ALLOWED_TAGS: words('a b br em i li ol p strong ul'),
  ALLOWED_ATTR: words('href title target'),
};

/** What an administrator wrote is told to everybody, so of its HTML little is kept; its links open beside this page. */
export function safeAnnouncement(dirty: string): string {
  const body = DOMPurify.sanitize(dirty, { ...announcement, RETURN_DOM: true }) as HTMLElement;
  for (const link of body.querySelectorAll('a')) {
    link.target = '_blank';
    link.rel = 'noopener';
  }
  return body.innerHTML;
}

/** The second wall before the document: whatever the first one missed is taken out. */
export const safe = (dirty: string): string => DOMPurify.sanitize(dirty, config) as string;
