/* SPDX-License-Identifier: MIT */
#include "probe_private.h"

#define ATTRIBUTE_MASK 0x3F
#define KEYLESS        0x01

/* Source of each: facts "Layouts seen" (one public reader program each). */
const uint16_t probe_known_services[] = {
	0x1A8B,         /* FCF campus card */
	0x1A88,         /* the same blocks, with a key */
	0x7A0B,         /* FCF-UN */
	0x434B,         /* name, co-op cards */
	0x120F,         /* transactions of one card */
	0x200B, 0x09CB, /* university cards outside FCF */
	0x010B, 0x100B, /* system 81F8 */
	0x110B,         /* system FE00 */
	0x000B, 0x0009, /* FeliCa Lite and Lite-S: read, write */
	0x090F, 0x008B, /* transit cards: history, attributes */
};
const size_t probe_n_known_services =
	sizeof(probe_known_services) / sizeof(probe_known_services[0]);

const uint16_t probe_known_systems[] = {
	0xFE00,                         /* common area: FCF */
	0x88B4,                         /* FeliCa Lite, Lite-S */
	0x12FC,                         /* NDEF */
	0x809E, 0x8365, 0x8092, 0x86A7, /* beside FE00 on campus cards */
	0x81F8,                         /* a university card outside FCF */
	0x0003,                         /* transit */
};
const size_t probe_n_known_systems = sizeof(probe_known_systems) / sizeof(probe_known_systems[0]);

bool probe_is_open(uint16_t service)
{
	return service & KEYLESS;
}

/* FeliCa Card User's Manual, "service attribute": six low bits of the code. */
const char *probe_attribute(uint16_t service)
{
	static const char *const words[ATTRIBUTE_MASK + 1] = {
		[0x08] = "random, read and write, key",
		[0x09] = "random, read and write, no key",
		[0x0A] = "random, read-only, key",
		[0x0B] = "random, read-only, no key",
		[0x0C] = "cyclic, read and write, key",
		[0x0D] = "cyclic, read and write, no key",
		[0x0E] = "cyclic, read-only, key",
		[0x0F] = "cyclic, read-only, no key",
		[0x10] = "purse, direct, key",
		[0x11] = "purse, direct, no key",
		[0x12] = "purse, cashback, key",
		[0x13] = "purse, cashback, no key",
		[0x14] = "purse, decrement, key",
		[0x15] = "purse, decrement, no key",
		[0x16] = "purse, read-only, key",
		[0x17] = "purse, read-only, no key",
	};
	const char *word = words[service & ATTRIBUTE_MASK];
	return word ? word : probe_is_open(service) ? "unknown, no key" : "unknown, key";
}
