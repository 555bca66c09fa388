/* SPDX-License-Identifier: MIT
 *
 * ldif.c - see ldif.h.
 */
#include "kiosk/directory/ldif.h"

#include <string.h>

#include <openssl/crypto.h>

/* What unfold() found. */
enum line_got { LINE_TEXT, LINE_EMPTY, LINE_END, LINE_BAD };

void ldif_init(struct ldif *ldif, FILE *in)
{
	memset(ldif, 0, sizeof *ldif);
	ldif->in = in;
	ldif->line = ldif->entry_line = 1;
}

void ldif_wipe(struct ldif *ldif)
{
	OPENSSL_cleanse(ldif, sizeof *ldif);
}

/* Append one physical line to the unfolded one; its end is taken off. */
static enum line_got add_physical(struct ldif *ldif, gsize *len, const char **why)
{
	int c;
	while ((c = getc_unlocked(ldif->in)) != EOF && c != '\n') {
		*why = c == '\0' ? "a NUL byte" : "a line longer than 16 KiB";
		if (c == '\0' || *len + 1 >= sizeof ldif->unfolded)
			return LINE_BAD;
		ldif->unfolded[(*len)++] = (char)c;
	}
	ldif->line += c == '\n';
	if (*len > 0 && ldif->unfolded[*len - 1] == '\r')
		(*len)--;
	ldif->unfolded[*len] = '\0';
	return *len > 0 ? LINE_TEXT : LINE_EMPTY;
}

static int peek(struct ldif *ldif)
{
	int c = getc_unlocked(ldif->in);
	if (c != EOF)
		ungetc(c, ldif->in);
	return c;
}

/* One logical line: a line that begins with a space goes on from the last one (RFC 2849 note 2). */
static enum line_got unfold(struct ldif *ldif, const char **why)
{
	gsize len = 0;
	if (peek(ldif) == EOF) {
		*why = "a read error";
		return ferror(ldif->in) ? LINE_BAD : LINE_END;
	}
	enum line_got got = add_physical(ldif, &len, why);
	while (got == LINE_TEXT && peek(ldif) == ' ') {
		getc_unlocked(ldif->in);
		got = add_physical(ldif, &len, why);
	}
	return got;
}

static char *store(struct ldif *ldif, const char *text, gsize len)
{
	if (len >= sizeof ldif->text - ldif->len)
		return NULL;
	char *at = ldif->text + ldif->len;
	memcpy(at, text, len);
	at[len] = '\0';
	ldif->len += len + 1;
	return at;
}

/* RFC 4512 §2.5: a description is letters, digits, hyphens, options after ';' (and OIDs, '.'). */
static gboolean name_ok(const char *name, gsize len)
{
	for (gsize i = 0; i < len; i++)
		if (!g_ascii_isalnum(name[i]) && !strchr("-;._", name[i]))
			return FALSE;
	return len > 0;
}

static gboolean base64_ok(const char *text)
{
	gsize n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
	gsize pad = strspn(text + n, "=");
	return text[n + pad] == '\0' && pad <= 2 && (n + pad) % 4 == 0;
}

/* Decoded in place: base64 never grows. */
static const char *decode(char *value)
{
	gsize len = 0;
	if (!base64_ok(value))
		return "a base64 value";
	if (*value == '\0')
		return NULL;
	g_base64_decode_inplace(value, &len);
	if (memchr(value, '\0', len))
		return "a value without NUL bytes";
	value[len] = '\0';
	return NULL;
}

static const char *add_attribute(struct ldif *ldif, guint line)
{
	const char *colon = strchr(ldif->unfolded, ':');
	gsize name_len = colon ? (gsize)(colon - ldif->unfolded) : 0;
	if (!colon || !name_ok(ldif->unfolded, name_len))
		return "'attribute: value'";
	if (colon[1] == '<')
		return "a value in the file, not a URL";
	gboolean coded = colon[1] == ':';
	const char *value = colon + (coded ? 2 : 1);
	value += strspn(value, " ");
	if (ldif->n_attributes == LDIF_ATTRIBUTES_MAX)
		return "at most 256 values in one entry";
	char *name = store(ldif, ldif->unfolded, name_len);
	char *kept = name ? store(ldif, value, strlen(value)) : NULL;
	if (!kept)
		return "at most 64 KiB in one entry";
	ldif->attributes[ldif->n_attributes++] = (struct ldif_attribute){name, kept, line};
	return coded ? decode(kept) : NULL;
}

static const char *check_first(const struct ldif *ldif)
{
	const struct ldif_attribute *last = &ldif->attributes[ldif->n_attributes - 1];
	if (ldif->n_attributes == 1)
		return g_ascii_strcasecmp(last->name, "dn") == 0 ? NULL
								 : "'dn:' before the attributes";
	if (g_ascii_strcasecmp(last->name, "changetype") == 0)
		return "entries, not changes";
	return NULL;
}

/* "version: 1" may stand once, before the first entry. */
static gboolean is_version(struct ldif *ldif)
{
	if (ldif->begun || ldif->n_attributes > 0)
		return FALSE;
	ldif->begun = TRUE;
	return g_ascii_strncasecmp(ldif->unfolded, "version:", strlen("version:")) == 0;
}

static const char *take_line(struct ldif *ldif, guint line)
{
	if (ldif->unfolded[0] == '#' || is_version(ldif))
		return NULL;
	const char *why = add_attribute(ldif, line);
	return why ? why : check_first(ldif);
}

enum ldif_got ldif_next(struct ldif *ldif, const char **ret_why)
{
	ldif->n_attributes = ldif->len = 0;
	for (;;) {
		guint line = ldif->line;
		const char *why = NULL;
		enum line_got got = unfold(ldif, &why);
		if (got == LINE_TEXT && (why = take_line(ldif, line)))
			got = LINE_BAD;
		if (got == LINE_BAD) {
			ldif->entry_line = line;
			*ret_why = why;
			return LDIF_BAD;
		}
		if (got == LINE_TEXT && ldif->n_attributes == 1)
			ldif->entry_line = line;
		if (got != LINE_TEXT && ldif->n_attributes > 0)
			return LDIF_ENTRY;
		if (got == LINE_END)
			return LDIF_END;
	}
}
