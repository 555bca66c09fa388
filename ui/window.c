/* SPDX-License-Identifier: MIT */
#include "ui/window.h"

#include "ui/banner.h"
#include "ui/client.h"
#include "ui/keys.h"
#include "ui/lang.h"
#include "ui/style.h"
#include "ui/view.h"
#include "ui/widgets.h"

#define NO_PAGE (-1)

struct slot {
	const struct page_ops *ops;
	GtkWidget *widget; /* NULL until built */
};

struct window {
	const struct window_kind *kind;
	struct client *client; /* borrowed */
	struct window *heir;   /* borrowed, may be NULL */
	GtkWidget *toplevel, *head_place, *foot_place, *overlay, *banner, *stack;
	GtkWidget *head, *foot, *over;
	struct keys *keys;
	struct style_size *size;
	guint step;
	gboolean contrast;
	const char *lang;
	struct slot *slots;
	int n_slots, current;
	int opened; /* page put over the state's; NO_PAGE: none */
	GVariant *arg;
	GVariant *view, *health;
	guint build_idle; /* source that builds pages ahead of need; 0: none */
};

const char *window_lang(const struct window *w)
{
	return w->lang;
}

GVariant *window_view(const struct window *w)
{
	return w->view;
}

GVariant *window_health(const struct window *w)
{
	return w->health;
}

GVariant *window_arg(const struct window *w)
{
	return w->arg;
}

GtkWindow *window_toplevel(const struct window *w)
{
	return GTK_WINDOW(w->toplevel);
}

void window_set_heir(struct window *w, struct window *heir)
{
	w->heir = heir;
}

/* --- intents --- */

static GVariant *stamped(struct window *w, GVariant *args)
{
	GVariantBuilder all;
	g_variant_builder_init(&all, G_VARIANT_TYPE_TUPLE);
	g_variant_builder_add(&all, "t", view_uint64(w->view, "visit"));
	g_variant_builder_add(&all, "u", view_uint(w->view, "step"));
	if (!args)
		return g_variant_builder_end(&all);
	g_autoptr(GVariant) rest = g_variant_ref_sink(args);
	for (gsize i = 0; i < g_variant_n_children(rest); i++) {
		g_autoptr(GVariant) each = g_variant_get_child_value(rest, i);
		g_variant_builder_add_value(&all, each);
	}
	return g_variant_builder_end(&all);
}

void window_intent(struct window *w, const char *intent, GVariant *args)
{
	client_call(w->client, intent, stamped(w, args), NULL, NULL, NULL);
}

struct asking {
	struct window *window;
	GtkWidget *owner;
	gulong destroyed;
	GCancellable *cancellable;
	window_answer done;
	gpointer data;
};

static void on_owner_destroy(GtkWidget *owner, gpointer data)
{
	struct asking *a = data;
	g_cancellable_cancel(a->cancellable); /* on_asked() will not be called */
	g_object_unref(a->cancellable);
	g_free(a);
}

static void on_asked(GVariant *answer, gpointer data)
{
	g_autofree struct asking *a = data;
	g_signal_handler_disconnect(a->owner, a->destroyed);
	g_clear_object(&a->cancellable);
	lang_use(a->window->lang);
	a->done(a->owner, answer, a->data);
}

void window_ask(struct window *w, GtkWidget *owner, const char *method, GVariant *args,
	window_answer done, gpointer data)
{
	struct asking *a = g_new0(struct asking, 1);
	*a = (struct asking){w, owner, 0, g_cancellable_new(), done, data};
	a->destroyed = g_signal_connect(owner, "destroy", G_CALLBACK(on_owner_destroy), a);
	client_call(w->client, method, args, a->cancellable, on_asked, a);
}

void window_try(struct window *w, GtkWidget *owner, const char *intent, GVariant *args,
	window_answer done, gpointer data)
{
	window_ask(w, owner, intent, stamped(w, args), done, data);
}

void window_announce(struct window *w, const char *sentence)
{
	AtkObject *accessible = gtk_widget_get_accessible(w->toplevel);
	if (*sentence && g_signal_lookup("announcement", ATK_TYPE_OBJECT))
		g_signal_emit_by_name(accessible, "announcement", sentence);
}

/* --- pages --- */

static GtkWidget *slot_widget(struct window *w, int i)
{
	struct slot *s = &w->slots[i];
	if (s->widget)
		return s->widget;
	lang_use(w->lang);
	s->widget = s->ops->build(w);
	widget_identify(s->widget, s->ops->name, NULL);
	gtk_widget_show(s->widget);
	gtk_stack_add_named(GTK_STACK(w->stack), s->widget, s->ops->name);
	return s->widget;
}

static gboolean on_build_idle(gpointer data)
{
	struct window *w = data;
	for (int i = 0; i < w->n_slots; i++) {
		if (w->slots[i].widget)
			continue;
		slot_widget(w, i);
		return G_SOURCE_CONTINUE;
	}
	w->build_idle = 0;
	return G_SOURCE_REMOVE;
}

static gboolean is_for_state(const struct page_ops *ops, GVariant *view)
{
	g_auto(GStrv) states = g_strsplit(ops->state, " ", -1);
	return g_strv_contains((const char *const *)states, view_str(view, "state")) &&
	       (!ops->fits || ops->fits(view));
}

static int page_for(struct window *w)
{
	if (w->opened != NO_PAGE)
		return w->opened;
	for (int i = 0; i < w->n_slots; i++)
		if (is_for_state(w->slots[i].ops, w->view))
			return i;
	return w->current; /* a state of a newer service: what is shown stays */
}

/* What the page last showed goes: its widgets, and the memory below them. What a page had
 * asked for itself still lies where GDBus reads messages: the answer asked for here lands on
 * it, no view being shorter. */
static void forget(struct window *w, int i)
{
	g_autoptr(GVariant) blank = view_blank();
	if (i == NO_PAGE || !w->slots[i].widget)
		return;
	w->slots[i].ops->show(w->slots[i].widget, w, blank);
	if (*w->slots[i].ops->state == '\0')
		client_call(w->client, "GetDesk", NULL, NULL, NULL, NULL);
}

static void focus(struct window *w, const struct slot *s)
{
	GtkWidget *first = s->ops->focus ? s->ops->focus(s->widget) : NULL;
	if (first)
		gtk_widget_grab_focus(first);
	else
		gtk_window_set_focus(GTK_WINDOW(w->toplevel), NULL);
}

static void turn_to(struct window *w, int next)
{
	forget(w, w->current);
	gtk_window_set_default(GTK_WINDOW(w->toplevel), NULL);
	w->current = next;
	slot_widget(w, next);
	page_rewind(w->slots[next].widget);
	w->slots[next].ops->show(w->slots[next].widget, w, w->view);
	gtk_stack_set_visible_child(GTK_STACK(w->stack), w->slots[next].widget);
	focus(w, &w->slots[next]);
}

static void show_parts(struct window *w)
{
	const struct window_kind *kind = w->kind;
	banner_show(w->banner, w->view, w->lang);
	if (w->head)
		kind->head.show(w->head, w, w->view, w->health);
	if (w->foot)
		kind->foot.show(w->foot, w, w->view, w->health);
	if (w->over)
		kind->over.show(w->over, w, w->view, w->health);
}

/* The headline is announced whenever another one stands there. */
static void announce_headline(struct window *w, const char *before)
{
	AtkObject *page = gtk_widget_get_accessible(w->slots[w->current].widget);
	const char *now = atk_object_get_name(page);
	if (now && g_strcmp0(before, now) != 0)
		window_announce(w, now);
}

static void refresh(struct window *w)
{
	g_autofree char *before = NULL;
	int next = page_for(w);
	lang_use(w->lang);
	show_parts(w);
	if (next == NO_PAGE)
		return;
	if (w->current != NO_PAGE && w->slots[w->current].widget)
		before = g_strdup(atk_object_get_name(
			gtk_widget_get_accessible(w->slots[w->current].widget)));
	if (next != w->current)
		turn_to(w, next);
	else
		w->slots[next].ops->show(slot_widget(w, next), w, w->view);
	announce_headline(w, before);
}

static void close_opened(struct window *w)
{
	w->opened = NO_PAGE;
	g_clear_pointer(&w->arg, g_variant_unref);
}

void window_open(struct window *w, const char *page, GVariant *arg)
{
	close_opened(w);
	w->arg = arg ? g_variant_ref_sink(arg) : NULL;
	for (int i = 0; i < w->n_slots; i++)
		if (g_str_equal(w->slots[i].ops->name, page))
			w->opened = i;
	refresh(w);
}

void window_back(struct window *w)
{
	if (w->opened == NO_PAGE)
		return;
	close_opened(w);
	refresh(w);
}

void window_set_view(struct window *w, GVariant *view)
{
	g_autoptr(GVariant) old = w->view;
	w->view = g_variant_ref(view);
	if (view_uint64(old, "visit") != view_uint64(view, "visit") ||
		!g_str_equal(view_str(old, "state"), view_str(view, "state")))
		close_opened(w);
	refresh(w);
}

void window_set_health(struct window *w, GVariant *health)
{
	g_variant_unref(w->health);
	w->health = g_variant_ref(health);
	lang_use(w->lang);
	show_parts(w);
	if (w->current != NO_PAGE && w->slots[w->current].ops->tick)
		w->slots[w->current].ops->tick(w->slots[w->current].widget, w, health);
}

/* --- language, size, contrast --- */

static void drop_pages(struct window *w)
{
	forget(w, w->current);
	for (int i = 0; i < w->n_slots; i++)
		g_clear_pointer(&w->slots[i].widget, gtk_widget_destroy);
	g_clear_pointer(&w->head, gtk_widget_destroy);
	g_clear_pointer(&w->foot, gtk_widget_destroy);
	g_clear_pointer(&w->over, gtk_widget_destroy);
	w->current = NO_PAGE;
}

static GtkWidget *build_part(struct window *w, const struct window_part *part, GtkWidget *place)
{
	GtkWidget *widget = part->build ? part->build(w) : NULL;
	if (widget && GTK_IS_OVERLAY(place))
		gtk_overlay_add_overlay(GTK_OVERLAY(place), widget);
	else if (widget)
		gtk_container_add(GTK_CONTAINER(place), widget);
	return widget;
}

static void build(struct window *w)
{
	lang_use(w->lang);
	gtk_window_set_title(GTK_WINDOW(w->toplevel), _(w->kind->title));
	w->head = build_part(w, &w->kind->head, w->head_place);
	w->foot = build_part(w, &w->kind->foot, w->foot_place);
	w->over = build_part(w, &w->kind->over, w->overlay);
	refresh(w);
	if (w->build_idle == 0)
		w->build_idle = g_idle_add_full(G_PRIORITY_LOW, on_build_idle, w, NULL);
}

void window_next_lang(struct window *w)
{
	drop_pages(w);
	w->lang = lang_next(w->lang);
	build(w);
}

void window_next_size(struct window *w)
{
	w->step = (w->step + 1) % STYLE_SIZES;
	style_size_set(w->size, w->step);
}

void window_next_contrast(struct window *w)
{
	w->contrast = !w->contrast;
	style_contrast(w->toplevel, w->contrast);
}

/* --- keys --- */

static gboolean escape(struct window *w)
{
	gboolean opened = w->opened != NO_PAGE, may = view_may(w->view, "Cancel");
	if (opened)
		window_back(w);
	else if (may)
		window_intent(w, "Cancel", NULL);
	return opened || may;
}

void window_key(struct window *w, GtkWidget *button, guint key)
{
	keys_bind(w->keys, button, key);
}

static gboolean press_button(struct window *w, const GdkEventKey *event)
{
	lang_use(w->lang);
	return keys_press(w->keys, event, gtk_window_get_focus(GTK_WINDOW(w->toplevel)));
}

/* A window whose page gives the keyboard to nothing still moves the focus by these. */
static gboolean moves_focus(guint keyval)
{
	return keyval == GDK_KEY_Tab || keyval == GDK_KEY_ISO_Left_Tab ||
	       (keyval >= GDK_KEY_Left && keyval <= GDK_KEY_Down);
}

/* A key without an owner: nothing has the focus, nothing is the default. */
static gboolean is_ownerless(struct window *w, guint keyval)
{
	GtkWindow *toplevel = GTK_WINDOW(w->toplevel);
	GtkWidget *first = gtk_window_get_default_widget(toplevel);
	return w->heir && !gtk_window_get_focus(toplevel) && !moves_focus(keyval) &&
	       !(first && gtk_widget_get_mapped(first));
}

static gboolean press_here(struct window *w, GdkEventKey *event);

static gboolean leave_to_heir(struct window *w, GdkEventKey *event)
{
	GtkWidget *heir = w->heir ? w->heir->toplevel : NULL;
	return heir && (press_here(w->heir, event) ||
			       GTK_WIDGET_GET_CLASS(heir)->key_press_event(heir, event));
}

/* TRUE: the window itself did something. */
static gboolean press_here(struct window *w, GdkEventKey *event)
{
	return press_button(w, event) || (event->keyval == GDK_KEY_Escape && escape(w));
}

static gboolean on_key(GtkWidget *toplevel, GdkEventKey *event, gpointer data)
{
	struct window *w = data;
	/* The clerk's keys, whichever window happens to have the keyboard. */
	struct window *desk = w->heir ? w->heir : w;
	switch (event->keyval) {
	case GDK_KEY_F1:
		window_next_lang(desk);
		return GDK_EVENT_STOP;
	case GDK_KEY_F2:
		window_next_size(desk);
		return GDK_EVENT_STOP;
	case GDK_KEY_F3:
		window_next_contrast(desk);
		return GDK_EVENT_STOP;
	default:
		return press_here(w, event) ||
		       (is_ownerless(w, event->keyval) && leave_to_heir(w, event));
	}
}

/* Nothing here wanted the key. */
static gboolean on_key_left(GtkWidget *toplevel, GdkEventKey *event, gpointer data)
{
	return leave_to_heir(data, event);
}

/* --- life --- */

static GtkWidget *pack(GtkWidget *box, GtkWidget *child, gboolean expand)
{
	gtk_box_pack_start(GTK_BOX(box), child, expand, TRUE, 0);
	return child;
}

static void build_frame(struct window *w)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
	GtkWidget *scroller = gtk_scrolled_window_new(NULL, NULL);
	w->head_place = pack(box, gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), FALSE);
	w->banner = pack(box, banner_new(), FALSE);
	pack(box, scroller, TRUE);
	w->foot_place = pack(box, gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), FALSE);
	w->stack = gtk_stack_new();
	/* A page that is not shown must not make the window larger. */
	gtk_stack_set_homogeneous(GTK_STACK(w->stack), FALSE);
	gtk_scrolled_window_set_policy(
		GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_AUTOMATIC, GTK_POLICY_AUTOMATIC);
	gtk_scrolled_window_set_overlay_scrolling(GTK_SCROLLED_WINDOW(scroller), FALSE);
	gtk_container_add(GTK_CONTAINER(scroller), w->stack);
	w->overlay = gtk_overlay_new();
	gtk_container_add(GTK_CONTAINER(w->overlay), box);
	gtk_container_add(GTK_CONTAINER(w->toplevel), w->overlay);
	for (GList *l = gtk_container_get_children(GTK_CONTAINER(box)); l;
		l = g_list_delete_link(l, l))
		if (l->data != w->banner)
			gtk_widget_show(l->data);
	gtk_widget_show(w->stack);
	gtk_widget_show(box);
	gtk_widget_show(w->overlay);
}

static void take_pages(struct window *w)
{
	while (w->kind->pages[w->n_slots])
		w->n_slots++;
	w->slots = g_new0(struct slot, (gsize)w->n_slots);
	for (int i = 0; i < w->n_slots; i++)
		w->slots[i].ops = w->kind->pages[i];
}

struct window *window_new(const struct window_kind *kind, struct client *client)
{
	struct window *w = g_new0(struct window, 1);
	w->kind = kind;
	w->client = client;
	w->lang = "ja";
	w->current = w->opened = NO_PAGE;
	w->view = view_blank();
	w->health = view_blank();
	w->toplevel = gtk_window_new(GTK_WINDOW_TOPLEVEL);
	gtk_widget_set_name(w->toplevel, kind->name);
	w->keys = keys_new();
	take_pages(w);
	lang_use(w->lang);
	build_frame(w);
	w->size = style_size_new(w->toplevel, kind->name, kind->em_mm);
	build(w);
	g_signal_connect(w->toplevel, "key-press-event", G_CALLBACK(on_key), w);
	g_signal_connect_after(w->toplevel, "key-press-event", G_CALLBACK(on_key_left), w);
	return w;
}

struct window *window_free(struct window *w)
{
	if (!w)
		return NULL;
	if (w->build_idle)
		g_source_remove(w->build_idle);
	drop_pages(w);
	gtk_widget_destroy(w->toplevel);
	keys_free(w->keys);
	style_size_free(w->size);
	close_opened(w);
	g_variant_unref(w->view);
	g_variant_unref(w->health);
	g_free(w->slots);
	g_free(w);
	return NULL;
}
