/*
 * Content-Disposition of a file for saving, with any name that a person has given it: RFC 6266 with
 * RFC 8187, and a plain name for who reads no more.
 */
#pragma once

#include "buf.h"

/*
 * Append `attachment; filename="…"; filename*=UTF-8''…`. Nothing of the name can leave its quotes:
 * in the plain form all but ASCII letters, digits and "-._ ()" is "_", in the other all but
 * attr-char is escaped. name: UTF-8, any bytes; the path before the last / or \ is cut off, and an
 * empty one is "document".
 *
 * Example: "Fhàs.pdf" is attachment; filename="Fh_s.pdf"; filename*=UTF-8''Fh%C3%A0s.pdf
 */
void content_disposition(struct buf *out, struct str name);

/*
 * A name as a file of an archive, in UTF-8: no separators, no controls, none of <>:"|?* (which
 * Windows refuses), no dots or blanks at its ends, at most 120 bytes of whole code points with its
 * ending kept; "document" for an empty one.
 */
void content_file_name(struct buf *out, struct str name);
