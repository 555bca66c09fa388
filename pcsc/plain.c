/* SPDX-License-Identifier: MIT */
#include "plain.h"

#define LC_MAX UINT8_MAX

/* Whose fault a status word is. */
static const struct {
	uint16_t sw;
	enum card_err err;
} verdicts[] = {
	{SW_OK, CARD_ERR_OK}, {SW_FAILED, CARD_ERR_TIMEOUT}, /* PC/SC part 3: no information */
	{0x6400, CARD_ERR_TIMEOUT},    /* no answer from the reader's own chip */
	{0x6401, CARD_ERR_TIMEOUT},    /* no answer from the card */
	{0x6A81, CARD_ERR_NO_DIALECT}, /* function not supported */
	{0x6D00, CARD_ERR_NO_DIALECT}, /* instruction not supported */
	{0x6E00, CARD_ERR_NO_DIALECT}, /* class not supported */
	{0x6800, CARD_ERR_NO_DIALECT}, /* … functions of it not supported */
};

enum card_err plain_judge(uint16_t sw)
{
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++)
		if (verdicts[i].sw == sw)
			return verdicts[i].err;
	return CARD_ERR_PROTOCOL;
}

enum card_err plain_transmit(const struct line *line, const struct bytes *apdu, struct bytes *ret)
{
	WIPED(bytes) answer = {0};
	uint16_t sw;
	enum card_err err = line_transmit(line, apdu, &answer, &sw);
	if (err)
		return err;
	err = plain_judge(sw);
	if (err)
		return answer.len == 0 ? err : CARD_ERR_PROTOCOL;
	*ret = answer;
	return CARD_ERR_OK;
}

enum card_err plain_command(const struct line *line, const uint8_t header[PLAIN_HEADER],
	const struct bytes *data, struct bytes *ret)
{
	WIPED(bytes) apdu = {0};
	if (data->full || data->len > LC_MAX)
		return CARD_ERR_LIMIT;
	bytes_put(&apdu, header, PLAIN_HEADER);
	bytes_put_u8(&apdu, (uint8_t)data->len);
	bytes_put(&apdu, data->at, data->len);
	return plain_transmit(line, &apdu, ret);
}

enum card_err plain_exchange(const struct line *line, const uint8_t header[PLAIN_HEADER],
	const struct bytes *frame, struct bytes *ret)
{
	WIPED(bytes) answer = {0};
	enum card_err err = plain_command(line, header, frame, &answer);
	if (err)
		return err;
	if (answer.len == 0)
		return CARD_ERR_PROTOCOL;
	*ret = answer;
	return CARD_ERR_OK;
}

enum card_err plain_proof(enum card_err err)
{
	bool fault = err == CARD_ERR_PROTOCOL || err == CARD_ERR_TIMEOUT;
	return fault ? CARD_ERR_NO_DIALECT : err;
}

enum card_err plain_probe(const struct line *line, const uint8_t header[PLAIN_HEADER])
{
	WIPED(bytes) frame = {0};
	WIPED(bytes) answer = {0};
	WIPED(felica_target) target = {0};
	felica_poll(&frame, FELICA_ANY_SYSTEM);
	enum card_err err = plain_exchange(line, header, &frame, &answer);
	if (!err)
		err = felica_polled(bytes_read(&answer), &target);
	return plain_proof(err);
}

enum card_err plain_idm(const struct line *line, uint8_t ret[IDM_SIZE])
{
	static const uint8_t get_data[] = {0xFF, 0xCA, 0x00, 0x00, 0x00};
	WIPED(bytes) apdu = {0};
	WIPED(bytes) answer = {0};
	bytes_put(&apdu, get_data, sizeof(get_data));
	enum card_err err = plain_transmit(line, &apdu, &answer);
	if (err)
		return err;
	struct cursor in = bytes_read(&answer);
	if (in.left != IDM_SIZE)
		return CARD_ERR_TIMEOUT;
	cursor_copy(&in, ret, IDM_SIZE);
	return CARD_ERR_OK;
}

void plain_close(const struct line *line)
{
}
