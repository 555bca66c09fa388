/* SPDX-License-Identifier: MIT
 *
 * What a reading leaves behind: read a card on a stack of our own, wipe the
 * result, then look through every byte of that stack.
 */
#include <pthread.h>
#include <sys/mman.h>

#include "pcsc/card.h"
#include "tests/check.h"
#include "tests/pcsc/sample.h"

#define STACK_SIZE (1024 * 1024)
#define WINDOW     5 /* so many bytes in a row are no accident */

struct job {
	struct script s;
	struct card_reading r;
	enum card_err err;
};

static void *read_card(void *data)
{
	struct job *job = data;
	struct card_trace trace;
	job->err = sample_read(&job->s, &fcf_layout, 1, &job->r, &trace);
	reading_wipe(&job->r);
	return NULL;
}

/* The stack a thread used to read the card; the caller unmaps it. */
static uint8_t *run(struct job *job)
{
	pthread_attr_t attr;
	pthread_t thread;
	uint8_t *stack =
		mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(stack != MAP_FAILED);
	pthread_attr_init(&attr);
	CHECK_INT(pthread_attr_setstack(&attr, stack, STACK_SIZE), 0);
	CHECK_INT(pthread_create(&thread, &attr, read_card, job), 0);
	pthread_join(thread, NULL);
	pthread_attr_destroy(&attr);
	return stack;
}

static size_t traces_of(const uint8_t *stack, const void *what, size_t len)
{
	size_t found = 0;
	for (size_t i = 0; i + WINDOW <= len; i++)
		if (memmem(stack, STACK_SIZE, (const uint8_t *)what + i, WINDOW))
			found++;
	return found;
}

static size_t all_traces(const uint8_t *stack, const struct sample *card)
{
	struct bytes idm;
	unhex(card->idm, &idm);
	return traces_of(stack, card->number, strlen(card->number)) +
	       traces_of(stack, card->holder, strlen(card->holder)) +
	       traces_of(stack, card->holder_read, strlen(card->holder_read)) +
	       traces_of(stack, idm.at, idm.len);
}

static void check_leaves_nothing(enum speech speech, const char *name, enum card_err want)
{
	static struct job job;
	const struct sample *card = sample_find(name);
	memset(&job, 0, sizeof(job));
	sample_script(&job.s, speech, card);
	if (want == CARD_ERR_REMOVED)
		job.s.remove_from = job.s.n - 1;
	uint8_t *stack = run(&job);
	CHECK_INT(job.err, want);
	CHECK_INT(all_traces(stack, card), 0);
	munmap(stack, STACK_SIZE);
}

static void a_reading_leaves_no_number_name_or_idm_on_the_stack(void)
{
	static const char *const names[] = {"student", "staff", "english"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		check_leaves_nothing(TRANSPARENT, names[i], CARD_ERR_OK);
		check_leaves_nothing(ACS, names[i], CARD_ERR_OK);
	}
}

static void neither_does_a_reading_that_failed(void)
{
	check_leaves_nothing(ACS, "student", CARD_ERR_REMOVED);
}

/* Else the two above could be blind. */
static void the_search_finds_what_is_there(void)
{
	static uint8_t stack[STACK_SIZE];
	const struct sample *card = sample_find("student");
	CHECK_INT(all_traces(stack, card), 0);
	memcpy(stack + 4711, card->number, WINDOW);
	CHECK_INT(all_traces(stack, card), 1);
}

int main(void)
{
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(a_reading_leaves_no_number_name_or_idm_on_the_stack),
		CASE(neither_does_a_reading_that_failed),
		CASE(the_search_finds_what_is_there),
	};
	return CHECK_MAIN("wipe", cases);
}
