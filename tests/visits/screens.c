/* SPDX-License-Identifier: MIT */
#include "tests/visits/screens.h"

#include <atspi/atspi.h>
#include <gdk/gdk.h>
#include <gio/gio.h>
#include <string.h>

#define CALL_MS     2000
#define DEPTH_MAX   40
#define SCROLL_STEP 400 /* pixels: less than any window is high */

/* libatspi defines none. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AtspiAccessible, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AtspiStateSet, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AtspiAction, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AtspiEditableText, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AtspiComponent, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AtspiSelection, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AtspiText, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AtspiValue, g_object_unref)

/* FALSE ends the walk. */
typedef gboolean (*visitor)(AtspiAccessible *node, const char *id, int depth, gpointer data);

gboolean screens_connect(GError **error)
{
	if (atspi_init() != 0) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "no accessibility bus");
		return FALSE;
	}
	atspi_set_timeout(CALL_MS, CALL_MS);
	return TRUE;
}

void screens_disconnect(void)
{
	atspi_exit();
}

static gboolean has_state(AtspiAccessible *node, AtspiStateType state)
{
	g_autoptr(AtspiStateSet) set = atspi_accessible_get_state_set(node);
	return set && atspi_state_set_contains(set, state);
}

static gboolean walk(AtspiAccessible *node, int depth, visitor visit, gpointer data)
{
	if (depth > DEPTH_MAX || !has_state(node, ATSPI_STATE_VISIBLE))
		return TRUE;
	g_autofree char *id = atspi_accessible_get_accessible_id(node, NULL);
	if (!visit(node, id ? id : "", depth, data))
		return FALSE;
	int n = atspi_accessible_get_child_count(node, NULL);
	for (int i = 0; i < n; i++) {
		g_autoptr(AtspiAccessible) child =
			atspi_accessible_get_child_at_index(node, i, NULL);
		if (child && !walk(child, depth + 1, visit, data))
			return FALSE;
	}
	return TRUE;
}

/* New reference; NULL: the program is not on the bus. */
static AtspiAccessible *find_program(void)
{
	g_autoptr(AtspiAccessible) desktop = atspi_get_desktop(0);
	int n = atspi_accessible_get_child_count(desktop, NULL);
	for (int i = 0; i < n; i++) {
		g_autoptr(AtspiAccessible) app =
			atspi_accessible_get_child_at_index(desktop, i, NULL);
		g_autofree char *name = app ? atspi_accessible_get_name(app, NULL) : NULL;
		if (g_strcmp0(name, "madoguchi") == 0)
			return g_steal_pointer(&app);
	}
	return NULL;
}

static void walk_screens(visitor visit, gpointer data)
{
	g_autoptr(AtspiAccessible) app = find_program();
	int n = app ? atspi_accessible_get_child_count(app, NULL) : 0;
	gboolean on = TRUE;
	for (int i = 0; on && i < n; i++) {
		g_autoptr(AtspiAccessible) frame =
			atspi_accessible_get_child_at_index(app, i, NULL);
		on = !frame || walk(frame, 0, visit, data);
	}
}

gboolean screens_ready(void)
{
	g_autoptr(AtspiAccessible) app = find_program();
	int n = app ? atspi_accessible_get_child_count(app, NULL) : 0;
	for (int i = 0; i < n; i++) {
		g_autoptr(AtspiAccessible) frame =
			atspi_accessible_get_child_at_index(app, i, NULL);
		if (!frame || !has_state(frame, ATSPI_STATE_SHOWING))
			return FALSE;
	}
	return n == 2;
}

struct search {
	char **ids; /* any of them */
	AtspiAccessible *found;
};

static gboolean is_it(AtspiAccessible *node, const char *id, int depth, gpointer data)
{
	struct search *s = data;
	if (!g_strv_contains((const char *const *)s->ids, id))
		return TRUE;
	s->found = g_object_ref(node);
	return FALSE;
}

/* New reference, NULL if not visible. */
static AtspiAccessible *find(const char *ids)
{
	g_auto(GStrv) each = g_strsplit(ids, " ", -1);
	struct search s = {each, NULL};
	walk_screens(is_it, &s);
	return s.found;
}

gboolean screens_shows(const char *id)
{
	g_autoptr(AtspiAccessible) node = find(id);
	return node != NULL;
}

gboolean screens_usable(const char *id)
{
	g_autoptr(AtspiAccessible) node = find(id);
	return node && has_state(node, ATSPI_STATE_SENSITIVE);
}

gboolean screens_click(const char *id)
{
	g_autoptr(AtspiAccessible) node = find(id);
	if (!node || !has_state(node, ATSPI_STATE_SENSITIVE))
		return FALSE;
	g_autoptr(AtspiAction) action = atspi_accessible_get_action_iface(node);
	return action && atspi_action_do_action(action, 0, NULL);
}

gboolean screens_type(const char *id, const char *text)
{
	g_autoptr(AtspiAccessible) node = find(id);
	g_autoptr(AtspiEditableText) edit =
		node ? atspi_accessible_get_editable_text_iface(node) : NULL;
	return edit && atspi_editable_text_set_text_contents(edit, text, NULL);
}

gboolean screens_focus(const char *id)
{
	g_autoptr(AtspiAccessible) node = find(id);
	g_autoptr(AtspiComponent) component =
		node ? atspi_accessible_get_component_iface(node) : NULL;
	return component && atspi_component_grab_focus(component, NULL);
}

/* A combo box holds a menu, that holds the rows. */
static int row_named(AtspiAccessible *combo, const char *choice)
{
	g_autoptr(AtspiAccessible) menu = atspi_accessible_get_child_at_index(combo, 0, NULL);
	int n = menu ? atspi_accessible_get_child_count(menu, NULL) : 0;
	for (int i = 0; i < n; i++) {
		g_autoptr(AtspiAccessible) row = atspi_accessible_get_child_at_index(menu, i, NULL);
		g_autofree char *name = row ? atspi_accessible_get_name(row, NULL) : NULL;
		if (g_strcmp0(name, choice) == 0)
			return i;
	}
	return (int)g_ascii_strtoll(choice, NULL, 10);
}

gboolean screens_choose(const char *id, const char *choice)
{
	g_autoptr(AtspiAccessible) node = find(id);
	g_autoptr(AtspiSelection) selection =
		node ? atspi_accessible_get_selection_iface(node) : NULL;
	return selection && atspi_selection_select_child(selection, row_named(node, choice), NULL);
}

/* The bar beside the page that `id` is in; new reference or NULL. */
static AtspiAccessible *find_bar(const char *id)
{
	g_autoptr(AtspiAccessible) node = find(id);
	while (node && atspi_accessible_get_role(node, NULL) != ATSPI_ROLE_SCROLL_PANE) {
		AtspiAccessible *parent = atspi_accessible_get_parent(node, NULL);
		g_object_unref(node);
		node = parent;
	}
	int n = node ? atspi_accessible_get_child_count(node, NULL) : 0;
	for (int i = 0; i < n; i++) {
		g_autoptr(AtspiAccessible) bar = atspi_accessible_get_child_at_index(node, i, NULL);
		if (bar && atspi_accessible_get_role(bar, NULL) == ATSPI_ROLE_SCROLL_BAR &&
			has_state(bar, ATSPI_STATE_VERTICAL))
			return g_steal_pointer(&bar);
	}
	return NULL;
}

gboolean screens_scroll(const char *id)
{
	g_autoptr(AtspiAccessible) bar = find_bar(id);
	g_autoptr(AtspiValue) value = bar ? atspi_accessible_get_value_iface(bar) : NULL;
	if (!value)
		return FALSE;
	double most = atspi_value_get_maximum_value(value, NULL);
	double now = atspi_value_get_current_value(value, NULL);
	if (now >= most)
		return FALSE;
	atspi_value_set_current_value(value, MIN(now + SCROLL_STEP, most), NULL);
	return atspi_value_get_current_value(value, NULL) > now;
}

gboolean screens_key(const char *keysym)
{
	guint key = gdk_keyval_from_name(keysym);
	return key != GDK_KEY_VoidSymbol &&
	       atspi_generate_keyboard_event(key, NULL, ATSPI_KEY_SYM, NULL);
}

static gboolean add_text(AtspiAccessible *node, const char *id, int depth, gpointer data)
{
	GString *all = data;
	g_autofree char *name = atspi_accessible_get_name(node, NULL);
	if (name && *name)
		g_string_append_printf(all, "%s\n", name);
	g_autoptr(AtspiText) text = atspi_accessible_get_text_iface(node);
	int n = text ? atspi_text_get_character_count(text, NULL) : 0;
	g_autofree char *chars = n > 0 ? atspi_text_get_text(text, 0, n, NULL) : NULL;
	if (chars && g_strcmp0(chars, name) != 0)
		g_string_append_printf(all, "%s\n", chars);
	return TRUE;
}

char *screens_text(void)
{
	GString *all = g_string_new(NULL);
	walk_screens(add_text, all);
	return g_string_free(all, FALSE);
}

static gboolean add_node(AtspiAccessible *node, const char *id, int depth, gpointer data)
{
	GString *all = data;
	g_autofree char *role = atspi_accessible_get_role_name(node, NULL);
	g_autofree char *name = atspi_accessible_get_name(node, NULL);
	g_string_append_printf(all, "%*s%s %s \"%s\"%s\n", depth * 2, "", role ? role : "?", id,
		name ? name : "", has_state(node, ATSPI_STATE_SENSITIVE) ? "" : " (insensitive)");
	return TRUE;
}

char *screens_tree(void)
{
	GString *all = g_string_new(NULL);
	walk_screens(add_node, all);
	return g_string_free(all, FALSE);
}
