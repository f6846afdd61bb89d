// What GMime takes a message for: one line for each address of From, To and Cc ("to:", address), one for each leaf (type, decoded
// content in base64), with a tab between; then a line "." for each message. Names of files come one a line on standard input.
// Another's reading, to hold ours against; no part of Beadle.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
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

void print_part(GMimeObject* object);

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
void print_part(GMimeObject* object) {
  if (GMIME_IS_MULTIPART(object)) {
    const int count = g_mime_multipart_get_count(GMIME_MULTIPART(object));
    for (int i = 0; i < count; ++i) print_part(g_mime_multipart_get_part(GMIME_MULTIPART(object), i));
    if (count == 0) print_content(object);
  } else if (GMIME_IS_MESSAGE_PART(object) && g_mime_message_part_get_message(GMIME_MESSAGE_PART(object)) != nullptr) {
    GMimeObject* body = g_mime_message_get_mime_part(g_mime_message_part_get_message(GMIME_MESSAGE_PART(object)));
    body == nullptr ? print_leaf("text/plain", nullptr) : print_part(body);
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
    if (body != nullptr) print_part(body);
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
