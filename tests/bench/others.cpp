#include "others.h"

#include <gmime/gmime.h>
#include <mimetic/mimetic.h>

namespace beadle::bench {
namespace {

std::size_t parts_of(const mimetic::MimeEntity& entity) {
  std::size_t count = 1;
  for (const mimetic::MimeEntity* part : entity.body().parts()) count += parts_of(*part);
  return count;
}

void count_part(GMimeObject*, GMimeObject*, gpointer count) { ++*static_cast<std::size_t*>(count); }

}  // namespace

std::size_t parse_with_mimetic(const std::string& bytes) {
  mimetic::MimeEntity entity;
  entity.load(bytes.begin(), bytes.end());
  return parts_of(entity);
}

std::size_t parse_with_gmime(const std::string& bytes) {
  static const bool ready = [] {
    g_mime_init();
    return true;
  }();
  std::size_t count = ready ? 1 : 0;
  GMimeStream* stream = g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size());
  GMimeParser* parser = g_mime_parser_new_with_stream(stream);
  if (GMimeMessage* message = g_mime_parser_construct_message(parser, nullptr)) {
    g_mime_message_foreach(message, count_part, &count);
    g_object_unref(message);
  }
  g_object_unref(parser);
  g_object_unref(stream);
  return count;
}

}  // namespace beadle::bench
