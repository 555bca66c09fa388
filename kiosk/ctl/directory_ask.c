/* SPDX-License-Identifier: MIT
 *
 * directory_ask.c - a look-up on the main loop; see directory_ask.h.
 */
#include "kiosk/ctl/directory_ask.h"

static GLogWriterOutput write_log(
	GLogLevelFlags level, const GLogField *fields, gsize n, gpointer data)
{
	if (level & (G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG))
		return G_LOG_WRITER_HANDLED;
	return g_log_writer_default(level, fields, n, data);
}

void directory_keep_log_quiet(void)
{
	g_log_set_writer_func(write_log, NULL, NULL);
}

struct asking {
	GMainLoop *loop;
	struct directory_result *result;
};

static void on_answer(const struct directory_result *result, guint64 visit, gpointer data)
{
	struct asking *asking = data;
	*asking->result = *result;
	g_main_loop_quit(asking->loop);
}

void directory_ask(
	struct directory *dir, const char *kind, const char *value, struct directory_result *ret)
{
	struct asking asking = {g_main_loop_new(NULL, FALSE), ret};
	directory_lookup(dir, kind, value, 0, NULL, on_answer, &asking);
	g_main_loop_run(asking.loop);
	g_main_loop_unref(asking.loop);
}

gsize directory_kinds(const struct config *config, const char *ret[DIRECTORY_KINDS_MAX])
{
	gsize n = 0;
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	ret[n++] = DIRECTORY_KEY_COMMON_ID;
	g_hash_table_add(seen, (gpointer)DIRECTORY_KEY_COMMON_ID);
	for (gsize i = 0; i < config->n_layouts; i++) {
		const struct card_layout *layout = &config->layouts[i];
		for (gsize j = 0; j <= layout->n_classes && n < DIRECTORY_KINDS_MAX; j++) {
			const char *kind = j < layout->n_classes ? layout->classes[j].key_kind
								 : layout->key_kind;
			if (kind[0] && g_hash_table_add(seen, (gpointer)kind))
				ret[n++] = kind;
		}
	}
	return n;
}
