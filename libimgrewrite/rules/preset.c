/*
 * The table of presets, made from presets.def.
 */
#include "rules/preset.h"

#define IRW_PRESET(preset_name, preset_purpose) \
    {.preset = {.name = (preset_name), .purpose = (preset_purpose), \
                .keys = (const struct imgrw_preset_key[]){
#define IRW_KEY(key_name, key_value, key_meaning) \
    {(key_name), (key_value), (key_meaning)},
#define IRW_ENDS(preset_example, ...) \
    {0}}, .example = (preset_example)}, __VA_ARGS__},

const struct irw_layout irw_layouts[] = {
#include "rules/presets.def"
};

const size_t irw_layout_count = sizeof(irw_layouts) / sizeof(irw_layouts[0]);

const struct imgrw_preset *
imgrw_preset(size_t index)
{
    return index < irw_layout_count ? &irw_layouts[index].preset : NULL;
}
