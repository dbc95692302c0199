<?php
/**
 * Plugin Name: Helpdesk
 */

function helpdesk_scripts() {
	wp_enqueue_script( 'chatkit', 'https://cdn.jsdelivr.net/npm/@openai/chatkit/dist/chatkit.js', array(), null, true ); // expect: CK502 "https://cdn.jsdelivr.net/npm/@openai/chatkit/dist/chatkit.js"
}
add_action( 'wp_enqueue_scripts', 'helpdesk_scripts' );

function helpdesk_shortcode() {
	ob_start();
	?>
	<openai-chatkit id="helpdesk" style="display: block; height: 600px"></openai-chatkit>
	<script>
		window.addEventListener( 'load', () => {
			document.getElementById( 'helpdesk' ).setOptions( { // expect: CK409 "setOptions" stays
				api: { url: <?php echo wp_json_encode( rest_url( 'helpdesk/v1/chatkit' ) ); ?> }, // expect: CK401 "api"
				startScreen: {
					prompts: [ { name: '<?php echo esc_js( __( 'Opening hours', 'helpdesk' ) ); ?>', prompt: 'When are you open?', icon: '🕒' } ], // expect: CK404 "name"; CK405 "'🕒'"
				},
			} );
		} );
	</script>
	<?php
	return ob_get_clean();
}
add_shortcode( 'helpdesk', 'helpdesk_shortcode' );
