// What GMime takes a message for: one line for each address of From, To and Cc ("to:", address), one for each part ("part/" and how deep it
// lies, type and fields in base64) and one for each of them that is a leaf (type, decoded content in base64), with a tab between; then a
// line "." for each message. Names of files come one a line on standard input.
// Another's reading, to hold ours against; no part of Beadle.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <string>

#include <gmime/gmime.h>

namespace {

void print_leaf(const char* type, GByteArray* content) {
  gchar* encoded = content == nullptr ? nullptr : g_base64_encode(content->data, content->len);
  gchar* lower = g_ascii_strdown(type, -1);
  std::printf("%s\t%s\n", lower, encoded == nullptr ? "?" : encoded);
  g_free(lower);
  g_free(encoded);
}

void append_fields(GByteArray* out, GMimeObject* object) {
  GMimeHeaderList* fields = object == nullptr ? nullptr : g_mime_object_get_header_list(object);
  for (int i = 0; fields != nullptr && i < g_mime_header_list_get_count(fields); ++i) {
    GMimeHeader* field = g_mime_header_list_get_header_at(fields, i);
    for (const char* text : {g_mime_header_get_raw_name(field), ":", g_mime_header_get_raw_value(field)}) {
      if (text != nullptr) g_byte_array_append(out, reinterpret_cast<const guint8*>(text), static_cast<guint>(std::strlen(text)));
    }
    constexpr guint8 end = 0;  // folded values have line ends of their own
    g_byte_array_append(out, &end, 1);
  }
}

// The fields of a message are in two objects: those that describe its body are in the body.
void print_fields(GMimeObject* message, GMimeObject* body, int depth) {
  GByteArray* fields = g_byte_array_new();
  append_fields(fields, message);
  append_fields(fields, body);
  gchar* encoded = g_base64_encode(fields->data, fields->len);
  gchar* type = body == nullptr ? g_strdup("text/plain") : g_mime_content_type_get_mime_type(g_mime_object_get_content_type(body));
  gchar* lower = g_ascii_strdown(type, -1);
  std::printf("part/%d\t%s %s\n", depth, lower, encoded);
  g_free(lower);
  g_free(type);
  g_free(encoded);
  g_byte_array_free(fields, TRUE);
}

void print_part(GMimeObject* message, GMimeObject* object, int depth);

void print_content(GMimeObject* object) {
  gchar* type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(object));
  GMimeDataWrapper* content = GMIME_IS_PART(object) ? g_mime_part_get_content(GMIME_PART(object)) : nullptr;
  GMimeStream* stream = g_mime_stream_mem_new();
  if (content != nullptr) g_mime_data_wrapper_write_to_stream(content, stream);
  GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
  print_leaf(type, GMIME_IS_PART(object) ? bytes : nullptr);
  g_object_unref(stream);
  g_free(type);
}

// Messages within are taken apart too, as ours are; a multipart without parts is a leaf whose content nobody asks for.
void print_part(GMimeObject* message, GMimeObject* object, int depth) {
  print_fields(message, object, depth);
  if (object == nullptr) {
    print_leaf("text/plain", nullptr);
  } else if (GMIME_IS_MULTIPART(object)) {
    const int count = g_mime_multipart_get_count(GMIME_MULTIPART(object));
    for (int i = 0; i < count; ++i) print_part(nullptr, g_mime_multipart_get_part(GMIME_MULTIPART(object), i), depth + 1);
    if (count == 0) print_content(object);
  } else if (GMIME_IS_MESSAGE_PART(object) && g_mime_message_part_get_message(GMIME_MESSAGE_PART(object)) != nullptr) {
    GMimeMessage* within = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
    print_part(GMIME_OBJECT(within), g_mime_message_get_mime_part(within), depth + 1);
  } else {
    print_content(object);
  }
}

void print_addresses(const char* field, InternetAddressList* list) {
  const int count = list == nullptr ? 0 : internet_address_list_length(list);
  for (int i = 0; i < count; ++i) {
    InternetAddress* address = internet_address_list_get_address(list, i);
    if (INTERNET_ADDRESS_IS_GROUP(address)) {
      print_addresses(field, internet_address_group_get_members(INTERNET_ADDRESS_GROUP(address)));
    } else if (const char* text = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address)); text != nullptr) {
      std::printf("%s:\t%s\n", field, text);
    }
  }
}

void print_message(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file >= 0) {
    GMimeStream* stream = g_mime_stream_fs_new(file);
    GMimeParser* parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage* message = g_mime_parser_construct_message(parser, nullptr);
    GMimeObject* body = message == nullptr ? nullptr : g_mime_message_get_mime_part(message);
    if (message != nullptr) {
      print_addresses("from", g_mime_message_get_from(message));
      print_addresses("to", g_mime_message_get_to(message));
      print_addresses("cc", g_mime_message_get_cc(message));
    }
    if (body != nullptr) print_part(GMIME_OBJECT(message), body, 0);
    if (message != nullptr) g_object_unref(message);
    g_object_unref(parser);
    g_object_unref(stream);
  }
  std::printf(".\n");
  std::fflush(stdout);
}

}  // namespace

int main() {
  g_mime_init();
  std::string path;
  for (int c = std::getchar(); c != EOF; c = std::getchar()) {
    if (c != '\n') {
      path += static_cast<char>(c);
      continue;
    }
    print_message(path);
    path.clear();
  }
  return 0;
}
