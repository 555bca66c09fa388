/* SPDX-License-Identifier: MIT
 *
 * The reader driver that pcscd loads (IFD handler 3.0): any number of virtual
 * readers, each a unix socket named in reader.conf as `DEVICENAME unix:/path`, or
 * `unix-escape:/path` for one that takes commands to itself over SCardControl.
 *
 * pcscd numbers readers from 0 in the high half of `Lun`; each has one slot.
 */
#include <ifdhandler.h>

#include <arpa/inet.h>
#include <pthread.h>
#include <reader.h>
#include <stdlib.h>
#include <string.h>

#include "tests/virtual/ifd_reader.h"

static const char scheme[] = "unix:", scheme_escape[] = "unix-escape:";

/* What libccid calls them, and what it answers to each. */
#define CONTROL_ESCAPE     SCARD_CTL_CODE(1)
#define CONTROL_PROPERTIES SCARD_CTL_CODE(FEATURE_GET_TLV_PROPERTIES + 0x330000)
#define FEATURES_MAX       10 /* room libccid asks for, whatever it fills */

/* pcscd gives a driver nowhere to keep its state: this table is the one exception to
 * the rule against mutable state of a file. */
static struct {
	struct reader *reader;
	pthread_t event_thread;
	bool has_event_thread;
	bool escape;
} readers[PCSCLITE_MAX_READERS_CONTEXTS];

/* The reader's place in the table, or -1. */
static int place(DWORD lun)
{
	DWORD i = lun >> 16;
	return i < PCSCLITE_MAX_READERS_CONTEXTS && (lun & 0xFFFF) == 0 ? (int)i : -1;
}

static struct reader *find(DWORD lun)
{
	int i = place(lun);
	return i < 0 ? NULL : readers[i].reader;
}

RESPONSECODE IFDHCreateChannelByName(DWORD Lun, LPSTR DeviceName)
{
	int i = place(Lun);
	bool escape = strncmp(DeviceName, scheme_escape, strlen(scheme_escape)) == 0;
	if (i < 0 || (!escape && strncmp(DeviceName, scheme, strlen(scheme)) != 0))
		return IFD_NO_SUCH_DEVICE;
	if (readers[i].reader)
		return IFD_COMMUNICATION_ERROR;
	readers[i].reader = reader_open(strchr(DeviceName, ':') + 1);
	readers[i].escape = escape;
	return readers[i].reader ? IFD_SUCCESS : IFD_NO_SUCH_DEVICE;
}

/* Readers of ours have a name, never a channel number only. */
RESPONSECODE IFDHCreateChannel(DWORD Lun, DWORD Channel)
{
	return IFD_NO_SUCH_DEVICE;
}

RESPONSECODE IFDHCloseChannel(DWORD Lun)
{
	int i = place(Lun);
	if (i < 0)
		return IFD_NO_SUCH_DEVICE;
	readers[i].reader = reader_close(readers[i].reader);
	readers[i].has_event_thread = false;
	return IFD_SUCCESS;
}

/* Called by pcscd's event thread of this reader instead of a sleep between two looks.
 * Anything but success makes it sleep 400 ms. */
static RESPONSECODE wait_for_event(DWORD lun, int timeout_ms)
{
	int i = place(lun);
	if (i < 0 || !readers[i].reader)
		return IFD_NO_SUCH_DEVICE;
	readers[i].event_thread = pthread_self();
	readers[i].has_event_thread = true;
	reader_wait(readers[i].reader, timeout_ms > 0 ? (unsigned)timeout_ms : 0);
	return reader_unplugged(readers[i].reader) ? IFD_NO_SUCH_DEVICE : IFD_SUCCESS;
}

static RESPONSECODE stop_waiting(DWORD lun)
{
	struct reader *r = find(lun);
	if (r)
		reader_wake(r);
	return IFD_SUCCESS;
}

static RESPONSECODE give(const void *value, size_t len, PDWORD Length, PUCHAR Value)
{
	if (*Length < len)
		return IFD_ERROR_INSUFFICIENT_BUFFER;
	memcpy(Value, value, len);
	*Length = len;
	return IFD_SUCCESS;
}

static RESPONSECODE give_atr(DWORD lun, PDWORD Length, PUCHAR Value)
{
	struct reader *r = find(lun);
	uint8_t atr[WIRE_ATR_MAX];
	size_t len;
	if (!r || reader_power_up(r, WIRE_POWER_UP, atr, &len) != READER_OK)
		return IFD_COMMUNICATION_ERROR;
	return give(atr, len, Length, Value);
}

RESPONSECODE IFDHGetCapabilities(DWORD Lun, DWORD Tag, PDWORD Length, PUCHAR Value)
{
	RESPONSECODE (*const wait)(DWORD, int) = wait_for_event;
	RESPONSECODE (*const stop)(DWORD) = stop_waiting;
	const UCHAR one = 1, many = PCSCLITE_MAX_READERS_CONTEXTS;
	switch (Tag) {
	case TAG_IFD_ATR:
	case SCARD_ATTR_ATR_STRING:
		return give_atr(Lun, Length, Value);
	case TAG_IFD_SLOTS_NUMBER:
	case TAG_IFD_THREAD_SAFE:
		return give(&one, sizeof(one), Length, Value);
	case TAG_IFD_SIMULTANEOUS_ACCESS:
		return give(&many, sizeof(many), Length, Value);
	case TAG_IFD_POLLING_THREAD_WITH_TIMEOUT:
		return give(&wait, sizeof(wait), Length, Value);
	case TAG_IFD_STOP_POLLING_THREAD:
		return give(&stop, sizeof(stop), Length, Value);
	default:
		return IFD_ERROR_TAG;
	}
}

RESPONSECODE IFDHSetCapabilities(DWORD Lun, DWORD Tag, DWORD Length, PUCHAR Value)
{
	return IFD_ERROR_TAG;
}

/* A storage card has nothing to negotiate. */
RESPONSECODE IFDHSetProtocolParameters(
	DWORD Lun, DWORD Protocol, UCHAR Flags, UCHAR PTS1, UCHAR PTS2, UCHAR PTS3)
{
	return IFD_SUCCESS;
}

RESPONSECODE IFDHICCPresence(DWORD Lun)
{
	int i = place(Lun);
	if (i < 0 || !readers[i].reader || reader_unplugged(readers[i].reader))
		return IFD_NO_SUCH_DEVICE;
	bool event_thread = readers[i].has_event_thread &&
			    pthread_equal(readers[i].event_thread, pthread_self());
	return reader_card_present(readers[i].reader, event_thread) ? IFD_ICC_PRESENT
								    : IFD_ICC_NOT_PRESENT;
}

RESPONSECODE IFDHPowerICC(DWORD Lun, DWORD Action, PUCHAR Atr, PDWORD AtrLength)
{
	struct reader *r = find(Lun);
	uint8_t atr[WIRE_ATR_MAX];
	size_t len = 0;
	if (!r)
		return IFD_NO_SUCH_DEVICE;
	if (Action == IFD_POWER_DOWN) {
		reader_power_down(r);
		return IFD_SUCCESS;
	}
	if (Action != IFD_POWER_UP && Action != IFD_RESET)
		return IFD_NOT_SUPPORTED;
	enum reader_err err = reader_power_up(
		r, Action == IFD_RESET ? WIRE_POWER_RESET : WIRE_POWER_UP, atr, &len);
	if (err)
		return IFD_ERROR_POWER_ACTION;
	return give(atr, len, AtrLength, Atr);
}

RESPONSECODE IFDHTransmitToICC(DWORD Lun, SCARD_IO_HEADER SendPci, PUCHAR TxBuffer, DWORD TxLength,
	PUCHAR RxBuffer, PDWORD RxLength, PSCARD_IO_HEADER RecvPci)
{
	static const RESPONSECODE codes[] = {
		[READER_OK] = IFD_SUCCESS,
		[READER_NO_CARD] = IFD_ICC_NOT_PRESENT,
		[READER_SILENT] = IFD_RESPONSE_TIMEOUT,
		[READER_LIMIT] = IFD_ERROR_INSUFFICIENT_BUFFER,
	};
	struct reader *r = find(Lun);
	size_t len = 0;
	if (!r)
		return IFD_NO_SUCH_DEVICE;
	enum reader_err err = reader_exchange(r, TxBuffer, TxLength, RxBuffer, *RxLength, &len);
	*RxLength = len;
	if (RecvPci)
		RecvPci->Protocol = SendPci.Protocol;
	return codes[err];
}

static RESPONSECODE escape(
	struct reader *r, PUCHAR tx, DWORD tx_len, PUCHAR rx, DWORD rx_len, LPDWORD ret_len)
{
	size_t len = 0;
	enum reader_err err = reader_escape(r, tx, tx_len, rx, rx_len, &len);
	*ret_len = len;
	if (err == READER_LIMIT)
		return IFD_ERROR_INSUFFICIENT_BUFFER;
	return err ? IFD_COMMUNICATION_ERROR : IFD_SUCCESS;
}

/* The escape comes last: who looks for it has to walk the list. */
static RESPONSECODE give_features(bool escape, PUCHAR rx, DWORD rx_len, LPDWORD ret_len)
{
	const PCSC_TLV_STRUCTURE features[] = {
		{FEATURE_GET_TLV_PROPERTIES, sizeof(uint32_t), htonl(CONTROL_PROPERTIES)},
		{FEATURE_CCID_ESC_COMMAND, sizeof(uint32_t), htonl(CONTROL_ESCAPE)},
	};
	size_t len = sizeof(features[0]) * (escape ? 2 : 1);
	if (rx_len < FEATURES_MAX * sizeof(features[0]))
		return IFD_ERROR_INSUFFICIENT_BUFFER;
	memcpy(rx, features, len);
	*ret_len = len;
	return IFD_SUCCESS;
}

/* As libccid answers: with escapes only where they are allowed (ifdDriverOptions), which on
 * Debian is nowhere. */
RESPONSECODE IFDHControl(DWORD Lun, DWORD dwControlCode, PUCHAR TxBuffer, DWORD TxLength,
	PUCHAR RxBuffer, DWORD RxLength, LPDWORD pdwBytesReturned)
{
	int i = place(Lun);
	*pdwBytesReturned = 0;
	if (i < 0 || !readers[i].reader)
		return IFD_NO_SUCH_DEVICE;
	if (dwControlCode == CM_IOCTL_GET_FEATURE_REQUEST)
		return give_features(readers[i].escape, RxBuffer, RxLength, pdwBytesReturned);
	if (dwControlCode == CONTROL_PROPERTIES)
		return IFD_SUCCESS; /* none */
	if (dwControlCode != CONTROL_ESCAPE)
		return IFD_ERROR_NOT_SUPPORTED;
	if (!readers[i].escape)
		return IFD_COMMUNICATION_ERROR;
	return escape(readers[i].reader, TxBuffer, TxLength, RxBuffer, RxLength, pdwBytesReturned);
}
