import { type RawBuilder, sql } from 'kysely';

/** A file that somebody uploaded, without its bytes and its text. */
export interface Upload {
  readonly id: string;
  /** As `uploadName` made it. */
  readonly name: string;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** Pixels; null for a document. */
  readonly width: number | null;
  readonly height: number | null;
  /** Whether models read only the beginning of its text. */
  readonly isCut: boolean;
}

/** Of a table that is called `u`. */
export const UPLOAD_COLUMNS: RawBuilder<Upload> = sql<Upload>`
  u.id, u.name, u.media_type as "mediaType", u.size, u.width, u.height, u.is_cut as "isCut"`;

export const isImage = ({ mediaType }: Pick<Upload, 'mediaType'>): boolean =>
  mediaType.startsWith('image/');

/** Where the file is read. */
export const uploadUrl = ({ id }: Pick<Upload, 'id'>): string => `/uploads/${id}`;
