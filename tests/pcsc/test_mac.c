/* SPDX-License-Identifier: MIT
 *
 * Every public vector of Lite-S authentication, and what is refused. Vectors:
 * facts "Authenticity", each recomputed.
 */
#include "pcsc/mac.h"

#include <openssl/crypto.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "tests/check.h"
#include "tests/pcsc/script.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* The first pair: card key and challenge as their blocks hold them. */
#define CK    "37363534333231306665646362613938"
#define RC    "07060504030201000f0e0d0c0b0a0908"
#define SK    "b636d955a9f0e2cc48b106f95506c3f6"
#define ID    "01020304050607080000000000000000"
#define CKV   "01000000000000000000000000000000"
#define STATE "01000000000000000000000000000000"
#define FIRST "000102030405060708090a0b0c0d0e0f"

#define MASTER "0102030405060708090a0b0c0d0e0f101112131415161718"

static void put(const char *hex, uint8_t *ret)
{
	struct bytes b;
	unhex(hex, &b);
	memcpy(ret, b.at, b.len);
}

static bool is_hex(const uint8_t *got, const char *hex)
{
	struct bytes want;
	unhex(hex, &want);
	if (memcmp(got, want.at, want.len) == 0)
		return true;
	fprintf(stderr, "not %s but ", hex);
	for (size_t i = 0; i < want.len; i++)
		fprintf(stderr, "%02x", got[i]);
	fputc('\n', stderr);
	return false;
}

static void reverse(uint8_t *half)
{
	for (size_t i = 0; i < 4; i++) {
		uint8_t keep = half[i];
		half[i] = half[7 - i];
		half[7 - i] = keep;
	}
}

static void swap_halves(uint8_t key[MAC_KEY_SIZE])
{
	uint8_t first[8];
	memcpy(first, key, 8);
	memcpy(key, key + 8, 8);
	memcpy(key + 8, first, 8);
}

static void the_chain_is_that_of_nfcpy(void)
{
	uint8_t data[32], key[MAC_KEY_SIZE], iv[8], mac[MAC_SIZE];
	for (uint8_t i = 0; i < 32; i++)
		data[i] = i;
	memcpy(key, data, sizeof(key));
	memcpy(iv, data, sizeof(iv));
	CHECK(mac_chain(key, iv, data, sizeof(data), mac));
	CHECK(is_hex(mac, "0b1268d7a4ac6932"));
	swap_halves(key);
	CHECK(mac_chain(key, iv, data, sizeof(data), mac));
	CHECK(is_hex(mac, "18cdd33c0fb25dd7"));
}

static void the_session_key_is_that_of_both_published_pairs(void)
{
	uint8_t key[MAC_KEY_SIZE], challenge[MAC_BLOCK_SIZE], session[MAC_KEY_SIZE];
	put(CK, key);
	put(RC, challenge);
	CHECK(mac_session_key(key, challenge, session));
	CHECK(is_hex(session, SK));
	put("ABE6F4E392EC58B9D5345D3DA28C7515", key);
	put("404954F40BEAA8A8160EFD98A4890416", challenge);
	CHECK(mac_session_key(key, challenge, session));
	/* published as the blocks would hold it */
	reverse(session);
	reverse(session + 8);
	CHECK(is_hex(session, "02471AD751CB0025D107AC7CBBB84345"));
}

/* Block 81h: the chain without block numbers. */
static void the_old_mac_is_that_of_three_published_blocks(void)
{
	static const struct {
		const char *block, *mac;
	} rows[] = {
		{"00000000000000000000000000000000", "cc97f1b97b8bbc79"},
		{"01020304050607080000000000000000", "91aec5b6d9b3b12d"},
		{STATE, "bd73eb7294a00279"},
	};
	uint8_t session[MAC_KEY_SIZE], challenge[MAC_BLOCK_SIZE], block[MAC_BLOCK_SIZE];
	put(SK, session);
	put(RC, challenge);
	reverse(challenge);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		uint8_t mac[MAC_SIZE];
		put(rows[i].block, block);
		CHECK(mac_chain(session, challenge, block, sizeof(block), mac));
		CHECK(is_hex(mac, rows[i].mac));
	}
}

/* Write counter 00FEFF and block 92h, under the halves the other way round. */
static void the_mac_of_a_write_is_the_published_one(void)
{
	uint8_t session[MAC_KEY_SIZE], challenge[MAC_BLOCK_SIZE], data[24], mac[MAC_SIZE];
	put(SK, session);
	put(RC, challenge);
	reverse(challenge);
	swap_halves(session);
	put("00FEFF0092009100" STATE, data);
	CHECK(mac_chain(session, challenge, data, sizeof(data), mac));
	CHECK(is_hex(mac, "17c19e3bbdc3e8bd"));
}

static void the_mac_of_a_read_covers_one_to_three_blocks(void)
{
	static const uint8_t numbers[] = {0x82, 0x86, 0x00};
	static const char *const macs[] = {
		"6a9c1ca386de4213", "724305fe37bc7963", "b475d29e71c0889f"};
	uint8_t session[MAC_KEY_SIZE], challenge[MAC_BLOCK_SIZE], data[3 * MAC_BLOCK_SIZE];
	put(SK, session);
	put(RC, challenge);
	put(ID CKV FIRST, data);
	for (size_t n = 1; n <= LENGTH(macs); n++) {
		uint8_t mac[MAC_SIZE];
		CHECK(mac_of_read(session, challenge, numbers, n, data, mac));
		CHECK(is_hex(mac, macs[n - 1]));
	}
}

static void each_card_has_a_key_of_its_own(void)
{
	uint8_t master[MAC_MASTER_SIZE], id[MAC_BLOCK_SIZE], key[MAC_KEY_SIZE], other[MAC_KEY_SIZE];
	put(MASTER, master);
	put("012E4128728C7E8B0000544553544944", id); /* … "TESTID" */
	CHECK(mac_card_key(master, id, key));
	CHECK(is_hex(key, "fa14be93cefcf8dae5059e591cb0308e"));
	id[15] ^= 1;
	CHECK(mac_card_key(master, id, other));
	CHECK(memcmp(key, other, 8) != 0 && memcmp(key + 8, other + 8, 8) != 0);
}

/* Four weak keys and six pairs of semi-weak ones, as DES is given them. */
static const char *const weak[] = {"0101010101010101", "fefefefefefefefe", "e0e0e0e0f1f1f1f1",
	"1f1f1f1f0e0e0e0e", "011f011f010e010e", "1f011f010e010e01", "01e001e001f101f1",
	"e001e001f101f101", "01fe01fe01fe01fe", "fe01fe01fe01fe01", "1fe01fe00ef10ef1",
	"e01fe01ff10ef10e", "1ffe1ffe0efe0efe", "fe1ffe1ffe0efe0e", "e0fee0fef1fef1fe",
	"fee0fee0fef1fef1"};

static bool untouched(const uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (at[i] != 0xAA)
			return false;
	return true;
}

static void refuse_card_key(const uint8_t half[8], size_t place)
{
	uint8_t key[MAC_KEY_SIZE], rc[MAC_BLOCK_SIZE], ret[MAC_KEY_SIZE], mac[MAC_SIZE];
	memset(ret, 0xAA, sizeof(ret));
	memset(mac, 0xAA, sizeof(mac));
	put(RC, rc);
	put(SK, key);
	memcpy(key + 8 * place, half, 8);
	CHECK(!mac_chain(key, rc, rc, sizeof(rc), mac));
	CHECK(untouched(mac, sizeof(mac)));
	/* the chip turns the halves of its block round before it uses them */
	put(CK, key);
	memcpy(key + 8 * place, half, 8);
	reverse(key + 8 * place);
	CHECK(!mac_session_key(key, rc, ret));
	CHECK(untouched(ret, sizeof(ret)));
}

static void refuse_master(const uint8_t half[8], size_t place)
{
	uint8_t master[MAC_MASTER_SIZE], id[MAC_BLOCK_SIZE], ret[MAC_KEY_SIZE];
	memset(ret, 0xAA, sizeof(ret));
	put(MASTER, master);
	put(ID, id);
	memcpy(master + 8 * place, half, 8);
	CHECK(!mac_card_key(master, id, ret));
	CHECK(untouched(ret, sizeof(ret)));
}

static void a_weak_half_is_refused_wherever_it_stands(void)
{
	for (size_t i = 0; i < LENGTH(weak); i++) {
		uint8_t half[8], odd[8];
		put(weak[i], half);
		for (size_t b = 0; b < sizeof(half); b++)
			odd[b] = half[b] ^ 0x01; /* parity, which DES does not look at */
		for (size_t place = 0; place < 3; place++) {
			if (place < 2) {
				refuse_card_key(half, place);
				refuse_card_key(odd, place);
			}
			refuse_master(half, place);
			refuse_master(odd, place);
		}
	}
}

/* Found by running the CMAC backwards: cards whose key would have, in its first or its second
 * half, the semi-weak key 011f011f010e010e once the chip has turned it round. */
static void a_card_whose_key_would_be_weak_gets_none(void)
{
	static const char *const ids[] = {
		"01020304050607086e825a2dccefa91d", "0102030405060708570fecf4cd70800f"};
	uint8_t master[MAC_MASTER_SIZE], id[MAC_BLOCK_SIZE], ret[MAC_KEY_SIZE];
	put(MASTER, master);
	for (size_t i = 0; i < LENGTH(ids); i++) {
		memset(ret, 0xAA, sizeof(ret));
		put(ids[i], id);
		CHECK(!mac_card_key(master, id, ret));
		CHECK(untouched(ret, sizeof(ret)));
		id[15] ^= 1;
		CHECK(mac_card_key(master, id, ret));
	}
}

static void equal_neighbours_are_refused_as_single_des(void)
{
	static const char *const masters[] = {"010203040506070801020304050607081112131415161718",
		"111213141516171801020304050607080102030405060708",
		"010203040506070800030205040706091112131415161718"};
	uint8_t master[MAC_MASTER_SIZE], key[MAC_KEY_SIZE], block[MAC_BLOCK_SIZE], ret[16];
	memset(ret, 0xAA, sizeof(ret));
	put(ID, block);
	for (size_t i = 0; i < LENGTH(masters); i++) {
		put(masters[i], master);
		CHECK(!mac_card_key(master, block, ret));
	}
	put("37363534333231303736353433323130", key);
	CHECK(!mac_session_key(key, block, ret));
	CHECK(untouched(ret, sizeof(ret)));
	/* two-key triple DES is what the card itself has */
	put("010203040506070811121314151617180102030405060708", master);
	CHECK(mac_card_key(master, block, ret));
}

static void what_fits_no_mac_is_refused(void)
{
	uint8_t session[MAC_KEY_SIZE], rc[MAC_BLOCK_SIZE], numbers[5] = {0}, data[80] = {0};
	uint8_t mac[MAC_SIZE];
	memset(mac, 0xAA, sizeof(mac));
	put(SK, session);
	put(RC, rc);
	CHECK(!mac_of_read(session, rc, numbers, 0, data, mac));
	CHECK(!mac_of_read(session, rc, numbers, MAC_BLOCKS_MAX + 1, data, mac));
	CHECK(!mac_of_read(session, rc, numbers, SIZE_MAX, data, mac));
	CHECK(!mac_chain(session, rc, data, 0, mac));
	CHECK(!mac_chain(session, rc, data, 7, mac));
	CHECK(!mac_chain(session, rc, data, 9, mac));
	CHECK(!mac_chain(session, rc, data, MAC_CHAIN_MAX + 8, mac));
	CHECK(!mac_chain(session, rc, data, SIZE_MAX - 7, mac));
	CHECK(untouched(mac, sizeof(mac)));
	CHECK(mac_chain(session, rc, data, MAC_CHAIN_MAX, mac));
}

struct question {
	uint8_t key[MAC_KEY_SIZE], challenge[MAC_BLOCK_SIZE], numbers[MAC_BLOCKS_MAX];
	uint8_t data[MAC_BLOCKS_MAX * MAC_BLOCK_SIZE];
};

/* Card key to MAC, as a reader of cards does it. */
static void answer(const struct question *q, uint8_t ret[MAC_SIZE])
{
	uint8_t session[MAC_KEY_SIZE];
	CHECK(mac_session_key(q->key, q->challenge, session));
	CHECK(mac_of_read(session, q->challenge, q->numbers, MAC_BLOCKS_MAX, q->data, ret));
}

static void one_bit_of_anything_makes_another_mac(void)
{
	struct question q, other;
	uint8_t mac[MAC_SIZE], another[MAC_SIZE];
	put(CK, q.key);
	put(RC, q.challenge);
	put("828600", q.numbers);
	put(ID CKV FIRST, q.data);
	answer(&q, mac);
	for (size_t bit = 0; bit < 8 * sizeof(q); bit++) {
		bool parity = bit / 8 < sizeof(q.key) && bit % 8 == 0;
		other = q;
		((uint8_t *)&other)[bit / 8] ^= (uint8_t)(1 << bit % 8);
		answer(&other, another);
		CHECK(mac_equal(mac, another) == parity);
	}
}

static void macs_are_equal_only_whole(void)
{
	static const uint8_t a[MAC_SIZE] = {1, 2, 3, 4, 5, 6, 7, 8};
	CHECK(mac_equal(a, a));
	for (size_t i = 0; i < MAC_SIZE; i++) {
		uint8_t b[MAC_SIZE];
		memcpy(b, a, sizeof(b));
		b[i] ^= 0x80;
		CHECK(!mac_equal(a, b));
	}
}

#define STACK_SIZE (1024 * 1024)
#define WINDOW     5 /* so many bytes in a row are no accident */

/* Instrumented code keeps copies of what it checks. */
#ifdef __SANITIZE_ADDRESS__
#define KEYS_MAY_STAY true
#else
#define KEYS_MAY_STAY false
#endif

/* The whole way, on a stack that is looked through afterwards: what it leaves behind. */
static void *prove(void *data)
{
	uint8_t(*keys)[MAC_MASTER_SIZE] = data;
	uint8_t mac[MAC_SIZE];
	if (!mac_card_key(keys[0], keys[3], keys[1]) ||
		!mac_session_key(keys[1], keys[3], keys[2]) ||
		!mac_of_read(keys[2], keys[3], keys[3], 1, keys[3], mac))
		return NULL;
	return data;
}

static size_t traces_of(const uint8_t *stack, const uint8_t *key, size_t len)
{
	size_t found = 0;
	for (size_t i = 0; i + WINDOW <= len; i++)
		if (memmem(stack, STACK_SIZE, key + i, WINDOW))
			found++;
	return found;
}

static void no_key_stays_on_the_stack(void)
{
	static uint8_t keys[4][MAC_MASTER_SIZE]; /* master, card, session, ID block */
	pthread_attr_t attr;
	pthread_t thread;
	void *done = NULL;
	uint8_t *stack =
		mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(stack != MAP_FAILED);
	put(MASTER, keys[0]);
	put(ID, keys[3]);
	pthread_attr_init(&attr);
	CHECK_INT(pthread_attr_setstack(&attr, stack, STACK_SIZE), 0);
	CHECK_INT(pthread_create(&thread, &attr, prove, keys), 0);
	pthread_join(thread, &done);
	pthread_attr_destroy(&attr);
	CHECK(done == keys);
	CHECK(KEYS_MAY_STAY || traces_of(stack, keys[0], MAC_MASTER_SIZE) == 0);
	CHECK(KEYS_MAY_STAY || traces_of(stack, keys[1], MAC_KEY_SIZE) == 0);
	CHECK(KEYS_MAY_STAY || traces_of(stack, keys[2], MAC_KEY_SIZE) == 0);
	munmap(stack, STACK_SIZE);
}

/* OpenSSL's memory, of which one piece cannot be had. It hands no pointer of ours through. */
static struct {
	size_t asked, fail_at; /* 0: never */
} memory;

static bool runs_out(void)
{
	return ++memory.asked == memory.fail_at;
}

static void *take(size_t n, const char *file, int line)
{
	return runs_out() ? NULL : malloc(n);
}

static void *take_again(void *at, size_t n, const char *file, int line)
{
	return runs_out() ? NULL : realloc(at, n);
}

static void give_back(void *at, const char *file, int line)
{
	free(at);
}

static bool card_key_of(const uint8_t *key, const uint8_t *block, uint8_t *ret)
{
	return mac_card_key(key, block, ret);
}

static bool session_key_of(const uint8_t *key, const uint8_t *block, uint8_t *ret)
{
	return mac_session_key(key, block, ret);
}

static bool mac_of(const uint8_t *key, const uint8_t *block, uint8_t *ret)
{
	return mac_of_read(key, block, block, 1, block, ret);
}

/* Each piece in turn; the last round asks for none that fails. */
static void without_memory_nothing_is_written(void)
{
	static bool (*const acts[])(const uint8_t *, const uint8_t *, uint8_t *) = {
		card_key_of, session_key_of, mac_of};
	uint8_t key[MAC_MASTER_SIZE], block[MAC_BLOCK_SIZE], ret[MAC_KEY_SIZE];
	put(MASTER, key);
	put(ID, block);
	for (size_t i = 0; i < LENGTH(acts); i++) {
		unsigned failed = 0;
		size_t at = 0;
		do {
			memset(ret, 0xAA, sizeof(ret));
			memory.asked = 0;
			memory.fail_at = ++at;
			bool done = acts[i](key, block, ret);
			memory.fail_at = 0;
			CHECK(done != untouched(ret, sizeof(ret)));
			failed += !done;
		} while (memory.asked >= at);
		CHECK(failed > 0);
	}
}

int main(void)
{
	CRYPTO_set_mem_functions(take, take_again, give_back);
	static const struct check_case cases[] = {
#define CASE(f) {#f, f}
		CASE(the_chain_is_that_of_nfcpy),
		CASE(the_session_key_is_that_of_both_published_pairs),
		CASE(the_old_mac_is_that_of_three_published_blocks),
		CASE(the_mac_of_a_write_is_the_published_one),
		CASE(the_mac_of_a_read_covers_one_to_three_blocks),
		CASE(each_card_has_a_key_of_its_own),
		CASE(a_weak_half_is_refused_wherever_it_stands),
		CASE(a_card_whose_key_would_be_weak_gets_none),
		CASE(equal_neighbours_are_refused_as_single_des),
		CASE(what_fits_no_mac_is_refused),
		CASE(one_bit_of_anything_makes_another_mac),
		CASE(macs_are_equal_only_whole),
		CASE(no_key_stays_on_the_stack),
		CASE(without_memory_nothing_is_written),
	};
	return CHECK_MAIN("mac", cases);
}
